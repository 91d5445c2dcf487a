"""Plasticity of the behavioural time scale: overlaps of slow traces of activity and of plateaus move weights."""

from tripartite.language import Input, Mechanism, Output, Parameter, State, exp, where

_FIT = "milstein2021, fit of the network (file optimize_biBTSP_synthetic_WD_D)"


def _share(overlap, middle, slope):
    """A sigmoid that is 0 at no overlap and 1 at the largest."""
    none, all_, here = (1 / (1 + exp(-slope * (x - middle))) for x in (0.0, 1.0, overlap))

    return (here - none) / (all_ - none)


class Btsp(Mechanism):
    r"""The weight-dependent rule: plateaus and activity within seconds of them lift weak weights and lower strong ones.

    Presynaptic activity leaves a trace, ``activity``, a plateau another, ``instruction``. Their product lifts the
    weight in proportion to the room above it and lowers it in proportion to itself, each through a sigmoid that is 0
    without overlap and 1 at the largest. The paper divides each trace by its maximum over all cells and times of an
    experiment: enter these as ``highest_activity`` and ``highest_instruction``.

    **Sources** milstein2021, weight-dependent model.
    **Holds for** weights between 0 and ``largest``; the change is continuous, where the authors' program makes it
    once a lap.
    """

    activity = State(0.0, "1", "ET: trace of presynaptic activity", low=0)
    instruction = State(0.0, "1", "IS: trace of plateaus", low=0)
    since = State(1e6, "ms", "time since the last plateau began", low=0)
    drift = Output("1/s", "change of the weight in time", adds=True)
    rate = Input("1", "R: presynaptic rate relative to its peak", low=0)
    plateau = Input("1", "the beginning of a plateau")
    weight = Input("1", "w: synaptic weight")

    lasting = Parameter(300.0, "ms", "duration of a plateau", "milstein2021, config of the synthetic data", low=0)
    tau_activity = Parameter(1.664, "s", "tau_ET: lifetime of the trace of activity", _FIT, low=1e-6)
    tau_instruction = Parameter(0.437, "s", "tau_IS: lifetime of the trace of plateaus", _FIT, low=1e-6)
    highest_activity = Parameter(1.0, "1", "largest trace of activity", "assumed: of constant activity", low=1e-9)
    highest_instruction = Parameter(1.0, "1", "largest trace of plateaus", "assumed: of one without end", low=1e-9)
    potentiation = Parameter(1.1097, "1/s", "k_pot: largest rate of potentiation", _FIT, low=0)
    depression = Parameter(0.4249, "1/s", "k_dep: largest rate of depression", _FIT, low=0)
    middle_up = Parameter(0.4150, "1", "alpha_+: overlap at half potentiation", _FIT)
    slope_up = Parameter(4.404, "1", "beta_+: slope of potentiation, 2 over its half width of 0.4541", _FIT, low=1e-9)
    middle_down = Parameter(0.02618, "1", "alpha_-: overlap at half depression", _FIT)
    slope_down = Parameter(20.046, "1", "beta_-: slope of depression, 2 over its half width of 0.09977", _FIT, low=1e-9)
    largest = Parameter(4.680, "1", "w_max: largest weight, 1 and the peak of changes", _FIT)

    def rates(q):
        gate = where(q.since < q.lasting, 1.0, 0.0)

        return {
            "activity": (q.rate - q.activity) / q.tau_activity,
            "instruction": (gate - q.instruction) / q.tau_instruction,
            "since": 1,
        }

    def outputs(q):
        overlap = q.activity / q.highest_activity * (q.instruction / q.highest_instruction)
        up = _share(overlap, q.middle_up, q.slope_up)
        down = _share(overlap, q.middle_down, q.slope_down)

        return {"drift": q.potentiation * up * (q.largest - q.weight) - q.depression * down * q.weight}

    def on_plateau(q):
        return {"since": 0 * q.since}
