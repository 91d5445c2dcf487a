"""Synaptic weights: what becomes of the change that rules of plasticity ask for, without and with bounds."""

from tripartite.language import Add, Input, Mechanism, Parameter, State, exp, where

_TWICE = "assumed: twice the start"


class Weight(Mechanism):
    r"""A weight that takes every change as it is: the sum of what all rules of the synapse ask for.

    **Sources** song2000 (additive changes).
    **Holds for** weights far from any bound.
    """

    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    change = Input("1", "change at a spike", default=0)
    drift = Input("1/s", "change in time", default=0)

    def rates(q):
        return {"weight": q.drift}

    def on_change(q):
        return {"weight": Add(q.change)}


class SoftBoundWeight(Mechanism):
    r"""A weight whose changes shrink as it nears the bound that they lead to.

    A change is the sum of many small ones, each in proportion to the room that is left, of which there is all at the
    other bound: it never leads past the bound, however large it is.

    **Sources** gutig2003 (the exponent mu = 1, for small changes).
    **Holds for** weights that start between the bounds.
    """

    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    change = Input("1", "change at a spike, at the other bound and small", default=0)
    drift = Input("1/s", "change in time, at the other bound", default=0)

    lowest = Parameter(0.0, "1", "w_min: smallest weight", "gutig2003")
    largest = Parameter(2.0, "1", "w_max: largest weight", _TWICE)

    def rates(q):
        room = where(q.drift > 0, q.largest - q.weight, q.weight - q.lowest)

        return {"weight": q.drift * room / (q.largest - q.lowest)}

    def on_change(q):
        size = q.change / (q.largest - q.lowest)
        up = q.largest - (q.largest - q.weight) * exp(-size)
        down = q.lowest + (q.weight - q.lowest) * exp(size)

        return {"weight": where(q.change > 0, up, down)}


class HardBoundWeight(Mechanism):
    r"""A weight that takes every change as it is until it reaches a bound.

    **Sources** song2000.
    **Holds for** weights that start between the bounds; a course in time stops at a bound, in networks to
    the error of a step.
    """

    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    change = Input("1", "change at a spike", default=0)
    drift = Input("1/s", "change in time", default=0)

    lowest = Parameter(0.0, "1", "w_min: smallest weight", "song2000")
    largest = Parameter(2.0, "1", "w_max: largest weight", _TWICE)

    def rates(q):
        rising = where(q.weight < q.largest, q.drift, 0 * q.drift)
        falling = where(q.weight > q.lowest, q.drift, 0 * q.drift)

        return {"weight": where(q.drift > 0, rising, falling)}

    def on_change(q):
        aim = q.weight + q.change
        below = where(aim < q.largest, aim, q.largest)

        return {"weight": where(below > q.lowest, below, q.lowest)}
