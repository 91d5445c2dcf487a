"""Weights of one cell that are slowly pulled towards a total."""

from tripartite.language import Add, Input, Mechanism, Output, Parameter, State, where


class NormalisedWeight(Mechanism):
    r"""A weight that takes every change as it is and that its cell slowly scales.

    In a network ``total(synapse.weight) >> post.total_weight`` and ``post.pull >> synapse.pull``, with
    `WeightNormalisation` in the cell. All weights of a cell are scaled alike, so that their proportions stay.

    **Sources** form assumed.
    **Holds for** weights that are positive.
    """

    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    change = Input("1", "change at a spike", default=0)
    drift = Input("1/s", "change in time", default=0)
    pull = Input("1/s", "relative rate at which the cell scales its weights")

    def rates(q):
        return {"weight": q.pull * q.weight + q.drift}

    def on_change(q):
        return {"weight": Add(q.change)}


class WeightNormalisation(Mechanism):
    r"""A cell that scales its weights so that their total relaxes to a goal.

    **Sources** form and values assumed.
    **Holds for** totals that are positive; a cell without synapses scales nothing.
    """

    total_weight = Input("1", "sum of the weights of all synapses of the cell")
    pull = Output("1/s", "relative rate at which the cell scales its weights")

    goal = Parameter(100.0, "1", "W: total to which weights are pulled", "assumed: a hundred synapses", low=0)
    tau = Parameter(1.0, "hour", "tau_W: time constant of the pull", "assumed: hours, as synaptic scaling", low=0)

    def outputs(q):
        some = where(q.total_weight > 0, q.total_weight, q.goal)

        return {"pull": (q.goal / some - 1) / q.tau}
