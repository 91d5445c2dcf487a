"""Light-driven receptors that couple to Gq: OptoXRs and melanopsin."""

from tripartite.language import Input, Mechanism, Parameter, State


class OptoGq(Mechanism):
    r"""A receptor that light activates and that makes IP3 through Gq until it falls back.

    **Sources** form and values assumed. Return to the dark takes seconds in chimeric adrenergic receptors (OptoXRs),
    the default here, and minutes in melanopsin; no measured kinetics are at hand.
    **Holds for** signs and order of events.
    """

    optogq_active = State(0.0, "1", "Gamma: fraction of active receptors", low=0, high=1)
    irradiance = Input("mW/mm**2", "Irr: irradiance at the membrane", low=0)
    ip3 = Input("uM", "I: IP3 in the cytosol")

    optogq_production = Parameter(0.1, "uM/s", "O_D: largest production of IP3", "assumed: half of hM3Dq's", low=0)
    optogq_light = Parameter(1.0, "mm**2/mW/s", "k_on: activation by light", "assumed: a second", low=0)
    optogq_off = Parameter(5.0, "s", "tau_off: return to the dark", "assumed: seconds", low=1e-3)

    def rates(q):
        activated = q.optogq_light * q.irradiance * (1 - q.optogq_active)

        return {
            "optogq_active": activated - q.optogq_active / q.optogq_off,
            "ip3": q.optogq_production * q.optogq_active,
        }
