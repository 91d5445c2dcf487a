"""Release of gliotransmitter by whole vesicles, each of which fuses by chance."""

from typing import Any

from tripartite.language import (
    Chance,
    Emission,
    Input,
    Mechanism,
    Output,
    Parameter,
    State,
    Transition,
    absolute,
    where,
)

_MOST = 10


def binomial(luck: Any, trials: Any, probability: Any) -> Any:
    """The binomial number at which the distribution function passes ``luck``; never more than ``trials`` or 10."""
    successes, passed, ways = 0 * luck, 0 * luck, 1 + 0 * trials
    for number in range(_MOST):
        failures = (trials - number + absolute(trials - number)) / 2
        passed = passed + ways * probability**number * (1 - probability) ** failures
        more = where(luck >= passed, 1.0, 0.0)
        successes = successes + where(trials >= number + 1, more, 0.0)
        ways = ways * (trials - number) / (number + 1)
    return successes


def _vesicles(q: Any) -> Any:
    vesicles = q.ready + q.emptied
    return where(vesicles > 0, vesicles, 1)


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
    luck = Chance("which of the possible numbers fuse")
    resources = Output("1", "x_A: fraction of available gliotransmitter")
    gliorelease = Emission("1", "r_A: fraction of gliotransmitter released")

    threshold = Parameter(0.5, "uM", "C_theta: calcium that triggers release", "stimberg2019, example 3", low=0)
    fraction = Parameter(
        0.6, "1", "U_A: probability that a ready vesicle fuses", "stimberg2019, example 3", low=0, high=1
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
        fused = binomial(q.luck, q.ready, q.fraction)

        return {"ready": q.ready - fused, "emptied": q.emptied + fused, "gliorelease": fused / _vesicles(q)}
