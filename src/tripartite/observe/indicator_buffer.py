"""The calcium that an indicator binds, and takes away from what it measures."""

from tripartite.language import Input, Mechanism, Output, Parameter, State


class IndicatorBuffer(Mechanism):
    r"""A calcium indicator as a mobile buffer: what it binds is missing from free calcium.

    It adds its binding to ``ca`` and to ``ca_total``, the free calcium of cytosol and stores together, so
    that an astrocyte gets it in one line: ``astrocyte + TotalCalcium() + IndicatorBuffer()``. Free calcium
    and ``indicator_ca`` together are conserved. The values are those of GCaMP6s.

    **Sources** denizot2019 (rates and concentration, from its code).
    **Holds for** one calcium per indicator and a well-mixed space.
    **Pitfalls** GCaMP binds four calcium ions cooperatively; the one-step scheme takes the affinity from it and
    leaves out the cooperativity. It shows nothing: add `Gcamp` or `KineticGcamp` for the fluorescence.
    """

    indicator_filled = State(0.2577, "1", "fraction of the indicator with calcium", low=0, high=1)
    ca = Input("uM", "C: free calcium in the cytosol")
    ca_total = Input("uM", "C_T: free calcium of cytosol and stores by volume of cytosol")
    indicator_ca = Output("uM", "calcium on the indicator")

    indicator = Parameter(10.0, "uM", "concentration of the indicator", "denizot2019, GCaMP6s", low=0, high=1e4)
    binding = Parameter(
        7.78, "1/(uM*s)", "k_f: rate of binding", "denizot2019, GCaMP6s, code of the model", low=0, high=1e4
    )
    unbinding = Parameter(
        1.12, "1/s", "k_b: rate of unbinding", "denizot2019, GCaMP6s, code of the model", low=0, high=1e4
    )

    def outputs(q):
        return {"indicator_ca": q.indicator * q.indicator_filled}

    def rates(q):
        filling = q.binding * q.ca * (1 - q.indicator_filled) - q.unbinding * q.indicator_filled
        bound = q.indicator * filling

        return {"indicator_filled": filling, "ca": -bound, "ca_total": -bound}
