"""Adenosine that leaves neurons directly, through their transporters."""

from tripartite.language import Add, Input, Mechanism, Parameter, State


class NeuronalAdenosine(Mechanism):
    r"""Adenosine that spikes raise inside neurons and that leaves through equilibrative transporters (ENT).

    It adds to ``adenosine`` outside, beside what `PurineCascade` makes from ATP.

    **Sources** wall_dale2013: part of the adenosine released by activity leaves neurons directly, through
    equilibrative transporters; form (first order) and values assumed.
    **Holds for** concentrations below those that saturate the transporter, and more adenosine inside than outside:
    what flows back is part of the uptake outside (``removal`` of `PurineCascade`).
    **Pitfalls** To block the transporters, set ``efflux`` to 0 and lower that uptake by their share, too.
    """

    adenosine_inside = State(0.0, "uM", "adenosine in the neurons", low=0)
    adenosine = Input("uM", "ADO: extracellular adenosine")

    increment = Parameter(
        0.1, "uM", "rise inside per spike", "assumed: 100 spikes make 40 % of adenosine beside 10 µM of ATP", low=0
    )
    efflux = Parameter(0.1, "1/s", "rate at which it leaves", "assumed: some seconds", low=0)
    inside_ratio = Parameter(1.0, "1", "volume of the neurons over that outside", "assumed: an example", low=0)
    conversion = Parameter(0.05, "1/s", "rate at which neurons use adenosine up", "assumed: slower than efflux", low=0)

    def rates(q):
        leaves = q.efflux * q.adenosine_inside

        return {
            "adenosine_inside": -leaves - q.conversion * q.adenosine_inside,
            "adenosine": q.inside_ratio * leaves,
        }

    def on_spike(q):
        return {"adenosine_inside": Add(q.increment)}
