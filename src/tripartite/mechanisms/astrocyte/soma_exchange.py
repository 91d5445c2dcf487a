"""Diffusion of calcium and IP3 between a process and the soma it belongs to."""

from tripartite.language import Input, Mechanism, Parameter

_PROGRAM = "assumed: value of programs by the group of gordleeva2019; not compared with the paper"


class SomaExchange(Mechanism):
    r"""Diffusion of calcium and IP3 between a process and its soma, in proportion to their differences.

    It belongs to the process and acts on both: wire ``soma.ca >> process.soma_ca`` and
    ``soma.ip3 >> process.soma_ip3``. What the process loses the soma gains, volumes considered.

    **Sources** gordleeva2019 for the idea of processes around a soma; its equations were not read.
    **Holds for** processes short enough to be well mixed.
    **Pitfalls** Calcium arrives in ``ca`` alone, as in the programs: beside the constant total of `LiRinzel` the ER of
    the compartment that gains counts as having lost it.
    """

    ca = Input("uM", "C_i: free calcium in the process")
    ip3 = Input("uM", "I_i: IP3 in the process")
    soma_ca = Input("uM", "C_s: free calcium in the soma")
    soma_ip3 = Input("uM", "I_s: IP3 in the soma")

    ca_exchange = Parameter(0.05, "1/s", "d_Ca: exchange of calcium per difference", _PROGRAM, low=0)
    ip3_exchange = Parameter(0.1, "1/s", "d_IP3: exchange of IP3 per difference; 0.05 elsewhere", _PROGRAM, low=0)
    soma_volume = Parameter(1.0, "1", "volume of the soma over that of the process", "assumed: equal", low=1e-6)

    def rates(q):
        arriving_ca = q.ca_exchange * (q.soma_ca - q.ca)
        arriving_ip3 = q.ip3_exchange * (q.soma_ip3 - q.ip3)

        return {
            "ca": arriving_ca,
            "ip3": arriving_ip3,
            "soma_ca": -arriving_ca / q.soma_volume,
            "soma_ip3": -arriving_ip3 / q.soma_volume,
        }
