"""IP3 that returns to rest while calcium-dependent PLCδ makes more."""

from tripartite.language import Input, Mechanism, Parameter, State

_SOURCE = "ullah2006, as coded in published networks with this astrocyte"


class PlcDeltaRelaxation(Mechanism):
    r"""IP3 with a resting level, one time constant, and production by PLCδ that calcium raises.

    **Sources** form ullah2006; values as coded in published networks with this astrocyte.
    **Holds for** production that never stops: without calcium, ``1 - calcium_share`` of it remains.
    **Pitfalls** ``ip3_rest`` is not the resting level of a cell with calcium. The start that published
    programs store (0.072495 µM, 0.886314, 0.820204 µM) is no fixed point of their values.
    """

    ip3 = State(0.820204, "uM", "I: IP3 in the cytosol", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")

    ip3_rest = Parameter(0.16, "uM", "I_0: level without production", _SOURCE, low=0)
    ip3_return = Parameter(0.14, "1/s", "1/tau_r: rate of the return", _SOURCE, low=0)
    v_delta = Parameter(0.3, "uM/s", "v_4: largest production by PLCδ", _SOURCE, low=0)
    k_delta = Parameter(1.1, "uM", "k_4: calcium that half-activates PLCδ", _SOURCE, low=0)
    calcium_share = Parameter(0.8, "1", "alpha: share of the production that needs calcium", _SOURCE, low=0, high=1)

    def rates(q):
        by_plc_delta = q.v_delta * (q.ca + (1 - q.calcium_share) * q.k_delta) / (q.ca + q.k_delta)

        return {"ip3": q.ip3_return * (q.ip3_rest - q.ip3) + by_plc_delta}
