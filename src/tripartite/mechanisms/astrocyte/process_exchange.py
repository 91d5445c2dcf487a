"""Diffusion between a process and the soma it belongs to, through cytosol and store."""

from tripartite.language import Input, Mechanism, Parameter

_TEXT = "cresswell_clay2018; value of the authors' program"
_CLOCK = "assumed: the model has no unit of time; 1 s stands for one of its units. Value cresswell_clay2018, program"


class ProcessExchange(Mechanism):
    r"""Diffusion of relative calcium between a process and its soma, through the cytosol and through a shared store.

    It belongs to the process and acts on both: wire ``soma.ca >> process.soma_ca`` and
    ``soma.ca_er >> process.soma_ca_er``. With ``store_exchange`` above zero the processes share one store.

    **Sources** cresswell_clay2018, equations and values of the authors' program.
    **Holds for** `RelativeCalcium` in compartments of equal volume, unless ``soma_volume`` says otherwise.
    **Pitfalls** The time constants repeat those of `RelativeCalcium`; change them together. The figures of the paper
    come from a program with another volume of the soma, whose value is not known here: 1 is that of its first program.
    """

    ca = Input("1", "c_i: calcium in the cytosol of the process", low=0)
    ca_er = Input("1", "e_i: calcium in the store of the process", low=0)
    soma_ca = Input("1", "c_s: calcium in the cytosol of the soma", low=0)
    soma_ca_er = Input("1", "e_s: calcium in the store of the soma", low=0)

    exchange = Parameter(0.05, "1", "D_c: exchange through the cytosol", _TEXT, low=0)
    store_exchange = Parameter(0.0, "1", "D_ER: exchange through the store; 0 to 0.004 are studied", _TEXT, low=0)
    soma_volume = Parameter(1.0, "1", "V_d: volume of the soma over that of the process", _TEXT, low=1e-6)
    ca_tau = Parameter(8.0, "s", "tau: time constant of calcium in the cytosol", _CLOCK, low=1e-6)
    store_tau = Parameter(0.32, "s", "epsilon tau: time constant of the store", _CLOCK, low=1e-6)

    def rates(q):
        arriving = q.exchange * (q.soma_ca - q.ca) / q.ca_tau
        arriving_in_store = q.store_exchange * (q.soma_ca_er - q.ca_er) / q.store_tau

        return {
            "ca": arriving,
            "ca_er": arriving_in_store,
            "soma_ca": -arriving / q.soma_volume,
            "soma_ca_er": -arriving_in_store / q.soma_volume,
        }
