"""Place fields that plateaus move: verdicts, weights by a loop of steps, and what the trace of activity decides."""

import numpy as np

from tripartite.experiments.moving_place_fields import MovingPlaceFields

from .verdicts import mutated, numbered, quick, unmet

EXPERIMENT = MovingPlaceFields()
TIMES = {"asymmetry", "deepest", "far"}


def traces(place, dt=0.005):
    """Traces of 200 inputs, and of plateaus, over three laps at 25 cm/s with a second of rest after each."""
    centres, eligibility, instruction = np.arange(200) * 187 / 200, np.zeros(200), 0.0
    for n in range(round(3 * 8.48 / dt)):
        t = (n + 0.5) * dt % 8.48
        apart = (25 * t - centres + 93.5) % 187 - 93.5
        rate = np.exp(-2 * (apart / 30) ** 2) * (t < 7.48)
        eligibility = rate + (eligibility - rate) * np.exp(-dt / 1.664)
        gate = 0 <= t - place / 25 < 0.3
        instruction = gate + (instruction - gate) * np.exp(-dt / 0.437)
        yield eligibility, instruction


def sigmoid(x, middle, slope):
    low, high, here = (1 / (1 + np.exp(-slope * (at - middle))) for at in (0, 1, x))
    return (here - low) / (high - low)


def induced(weights, place, highest, dt=0.005):
    for eligibility, instruction in traces(place, dt):
        overlap = eligibility * instruction / highest
        up, down = 1.1097 * sigmoid(overlap, 0.4150, 4.404), 0.4249 * sigmoid(overlap, 0.02618, 20.046)
        rest = np.divide(4.680 * up, up + down, out=weights.copy(), where=up + down > 0)
        weights = rest + (weights - rest) * np.exp(-(up + down) * dt)
    return weights


def test_all_but_the_times_of_the_paper_holds(data):
    assert unmet(EXPERIMENT, data) == {claim.statement: "fail" for claim in EXPERIMENT.claims if claim.number in TIMES}


def test_weights_are_those_of_a_loop_over_steps(data):
    seen = list(traces(120))
    highest = max(e.max() for e, _ in seen) * max(i for _, i in seen)
    first = induced(np.ones(200), 120, highest)
    np.testing.assert_allclose(data["weight_before"], first, rtol=1e-4)  # the largest trace is read every 20 ms
    np.testing.assert_allclose(data["weight_after"], induced(first, 45, highest), rtol=1e-4)


def test_a_trace_of_half_the_length_gives_the_times_and_not_the_sizes():
    halved = numbered(EXPERIMENT, quick(EXPERIMENT, mutated(EXPERIMENT, "inputs.tau_activity", 0.5)))
    assert {halved[name] for name in TIMES} == {"pass"} and halved["decrease"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
