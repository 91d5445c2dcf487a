"""IP3 that returns to rest, and jumps with every release at the astrocyte's synapses."""

from tripartite.language import Add, Input, Mechanism, Parameter, State


class Ip3Relaxation(Mechanism):
    r"""IP3 with a resting level, one time constant, and a jump for each release of transmitter.

    It stands for receptors, PLC and degradation together; `Ip3Metabolism` and `GlutamateReceptor` keep
    them apart.

    **Sources** form nadkarni_jung2003; values jiang2025, astrocyte model.
    **Holds for** calcium that does not act back on IP3.
    """

    ip3 = State(0.16, "uM", "I: IP3 in the cytosol", low=0)
    release = Input("1", "transmitter that one release brings, as a fraction of all", low=0)

    ip3_rest = Parameter(0.16, "uM", "IP3_0: resting level", "jiang2025, astrocyte model", low=0)
    ip3_tau = Parameter(7142.0, "ms", "tau_IP3: time constant of the return", "jiang2025, astrocyte model", low=1e-6)
    ip3_jump = Parameter(2e-4, "uM", "Delta_IP3: rise when all is released", "jiang2025, astrocyte model", low=0)

    def rates(q):
        return {"ip3": (q.ip3_rest - q.ip3) / q.ip3_tau}

    def on_release(q):
        return {"ip3": Add(q.ip3_jump * q.release)}
