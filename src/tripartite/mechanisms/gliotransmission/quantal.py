"""Release of gliotransmitter by whole vesicles, each of which fuses by chance."""

from typing import Any

from tripartite.language import (
    Add,
    Chance,
    Emission,
    Input,
    Mechanism,
    Output,
    Parameter,
    State,
    Transition,
    where,
)

_MOST = 10


def _vesicles(q: Any) -> Any:
    vesicles = q.ready + q.emptied
    return where(vesicles > 0, vesicles, 1)


def _fused(q: Any) -> Any:
    """How many of the ready vesicles fuse: a binomial number."""
    lucky = (where(getattr(q, f"luck_{number}") < q.fraction, 1.0, 0.0) for number in range(1, _MOST + 1))
    return sum(where(q.ready >= number, fuses, 0.0) for number, fuses in enumerate(lucky, 1))


class QuantalExocytosis(Mechanism):
    r"""`ThresholdExocytosis` by vesicles: whenever calcium rises through a threshold, each ready one fuses or not.

    The number that fuse is binomial, and each emptied vesicle is refilled at random. ``gliorelease`` is the share of
    all vesicles that fused, so that `Gliotransmitter` follows as it does `ThresholdExocytosis`, the mean over many
    runs. The starts of ``ready`` and ``emptied`` set the number of vesicles.

    **Sources** form depitta2011, with vesicles that fuse independently (assumed); values stimberg2019, example 3:
    four vesicles.
    **Holds for** calcium transients well above threshold that all vesicles meet alike; at most 10 vesicles.
    **Pitfalls** What saturates follows the mean of what it does, not what the mean does: receptors that bind nearly
    all at a mean release bind fewer in the mean over quantal ones.
    """

    ready = State(4.0, "1", "number of vesicles that are ready to fuse", low=0, high=_MOST)
    emptied = State(0.0, "1", "number of vesicles that are empty", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")
    luck_1 = Chance("whether the first ready vesicle fuses")
    luck_2 = Chance("whether the second ready vesicle fuses")
    luck_3 = Chance("whether the third ready vesicle fuses")
    luck_4 = Chance("whether the fourth ready vesicle fuses")
    luck_5 = Chance("whether the fifth ready vesicle fuses")
    luck_6 = Chance("whether the sixth ready vesicle fuses")
    luck_7 = Chance("whether the seventh ready vesicle fuses")
    luck_8 = Chance("whether the eighth ready vesicle fuses")
    luck_9 = Chance("whether the ninth ready vesicle fuses")
    luck_10 = Chance("whether the tenth ready vesicle fuses")
    resources = Output("1", "x_A: fraction of available gliotransmitter")
    gliorelease = Emission("1", "r_A: fraction of gliotransmitter released")

    threshold = Parameter(0.5, "uM", "C_theta: calcium that triggers release", "stimberg2019, example 3", low=0)
    fraction = Parameter(
        0.6,
        "1",
        "U_A: probability that a ready vesicle fuses",
        "stimberg2019, example 3",
        low=0,
        high=1,
        target="SNARE",
    )
    recovery = Parameter(
        0.6, "1/s", "Omega_A: rate at which an empty vesicle is refilled", "stimberg2019, example 3", 0
    )

    def outputs(q):
        return {"resources": q.ready / _vesicles(q)}

    def transitions(q):
        refillable = where(q.ready < _MOST, q.emptied, 0)

        return {"refills": Transition(refillable, q.recovery, {"ready": 1, "emptied": -1})}

    def crossing(q):
        return q.ca - q.threshold

    def on_crossing(q):
        fused = _fused(q)

        return {"ready": q.ready - fused, "emptied": Add(fused), "gliorelease": fused / _vesicles(q)}
