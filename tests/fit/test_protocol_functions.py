"""Fits under a protocol that is itself free: units, time 0, and bounds, against the closed form of one event."""

import numpy as np
import pytest

from tripartite import Recording
from tripartite.errors import ArgumentError, DimensionError, RangeError, UnknownNameError
from tripartite.fit import Direct, Free, Linear, Problem, Scaled, fit
from tripartite.identify import Verdict, profile
from tripartite.language import Compartment, Model
from tripartite.mechanisms import SpikeCalcium
from tripartite.protocols import SpikeTrain
from tripartite.units import s, uM

TIMES = np.arange(0, 20, 0.2)
CELL = Model(cell=Compartment(SpikeCalcium(clearance_time=2 * s)))
REST = float(CELL["cell.ca_rest"].to("uM").magnitude)
FREE = {"onset": Free(8 * s, 12 * s), "influx": Free(0.02 * uM, 10 * uM)}


def calcium(onset=10.03, influx=0.5):
    """Calcium (µM) after one spike: a step, then an exponential of 2 s back to rest."""
    since = np.maximum(TIMES - onset, 0)
    return REST + influx * np.exp(-since / 2) * (onset < TIMES)


def problem(recording, variable="ca", reading=Direct, protocol=lambda onset: SpikeTrain(onset), **free):
    return Problem(CELL, recording, reading(variable), FREE | free, protocol=protocol)


def quick(made):
    return fit(made, screened=1024, starts=4)


@pytest.mark.parametrize("variable", ["ca", "cell.ca"])
@pytest.mark.parametrize(("unit", "per_uM"), [("nM", 1000.0), ("uM", 1.0), ("mM", 1e-3)])
def test_a_recording_in_another_unit_is_converted_under_a_free_protocol(variable, unit, per_uM):
    found = quick(problem(Recording(TIMES, per_uM * calcium(), unit=unit), variable))
    # An onset between two frames is known only together with the influx: a tenth of a frame's decay at most.
    assert found.estimates["influx"].to("uM").magnitude == pytest.approx(0.5, rel=0.11)
    np.testing.assert_allclose(found.predicted, per_uM * calcium(), rtol=1e-3)


@pytest.mark.parametrize("reading", [Direct, Scaled, Linear])
@pytest.mark.parametrize("protocol", [SpikeTrain(3 * s), lambda onset: SpikeTrain(onset)], ids=["fixed", "free"])
def test_what_is_read_is_known_when_the_problem_is_made(reading, protocol):
    free = FREE if callable(protocol) else {"influx": FREE["influx"]}
    recording = Recording(TIMES, calcium(), unit="mV")
    with pytest.raises(UnknownNameError, match="no variable `calcum`"):
        Problem(CELL, recording, reading("calcum"), free, protocol=protocol)
    with pytest.raises(UnknownNameError, match="inflx"):
        Problem(CELL, recording, Scaled("ca"), {**free, "inflx": Free(1.0, 2.0)}, protocol=protocol)
    with pytest.raises(DimensionError):
        Problem(CELL, recording, Scaled("ca"), {**free, "influx": Free(1 * s, 2 * s)}, protocol=protocol)
    with pytest.raises(RangeError, match=r"influx` must lie in \[0, 10\] uM; got 20 uM"):
        Problem(CELL, recording, Scaled("ca"), {**free, "influx": Free(1 * uM, 20 * uM)}, protocol=protocol)
    with pytest.raises(DimensionError, match=r"`cell.ca` is in uM, the recording in mV"):
        Problem(CELL, recording, Direct("ca"), free, protocol=protocol)
    with pytest.raises(UnknownNameError, match="`glutamate` events"):
        Problem(CELL, recording, Scaled("ca"), FREE, protocol=lambda onset: SpikeTrain(onset, event="glutamate"))
    with pytest.raises(ArgumentError, match="is an object of `Protocol`; got None"):
        Problem(CELL, recording, Scaled("ca"), FREE, protocol=lambda onset: None)


@pytest.mark.parametrize("missing", [0, 1, 20])
def test_missing_frames_at_the_beginning_do_not_move_time_0(missing):
    values = calcium()
    values[:missing] = np.nan
    made = problem(Recording(100 + TIMES, values, unit="uM"))
    found = quick(made)
    # Between two frames an onset is known from the height of the first frame after it.
    assert found.values["onset"] == pytest.approx(10.03, abs=0.2)
    assert made.start == made.fix(influx=0.5).start == 100
    np.testing.assert_allclose(found.curve(np.array([115.0])), np.interp(15, TIMES, calcium()), rtol=0.02)
    assert f"time 0 at {made.start:g} s" in found.plot().axes[1].texts[0].get_text()


def test_bounds_on_the_clock_of_the_recording_are_told_from_those_of_the_fit():
    stretch = Recording(100 + TIMES, calcium(), unit="uM")
    with pytest.raises(RangeError, match=r"here 100 s on its clock.*19\.8 s later; the spike train .* begins 105 to"):
        problem(stretch, onset=Free(105 * s, 115 * s))
    problem(stretch, onset=Free(5 * s, 115 * s))
    with pytest.warns(UserWarning, match="does nothing"):
        Problem(CELL, stretch, Direct("ca"), {"influx": FREE["influx"]}, protocol=SpikeTrain(110 * s))


def test_a_quantity_at_its_bound_is_a_doubt():
    noise = 0.002 * np.random.default_rng(1).standard_normal(len(TIMES))
    recording = Recording(TIMES, calcium() + noise, unit="uM")
    assert quick(problem(recording)).doubts() == ()
    found = quick(problem(recording, influx=Free(0.02 * uM, 0.3 * uM)).fix(onset=10.03))
    assert any("`influx` is at its bound (0.3 µM)" in doubt for doubt in found.doubts())
    assert not any("`onset`" in doubt for doubt in found.doubts())
    assert not any("`influx`" in doubt for doubt in found.doubts(of="influx"))
    # A value far below the middle of logarithmic bounds is not at the lower one.
    wide = quick(problem(recording, influx=Free(1e-9 * uM, 10 * uM)))
    assert wide.values["influx"] == pytest.approx(0.5, rel=0.1) and wide.doubts() == ()


def test_an_interval_beside_a_quantity_at_its_bound_is_in_doubt():
    noise = 0.2 * np.random.default_rng(1).standard_normal(len(TIMES))
    recording = Recording(TIMES, calcium(influx=2.0) + noise, unit="uM")
    capped = problem(recording, influx=Free(0.02 * uM, 1.5 * uM), clearance_time=Free(0.5 * s, 8 * s))
    found = quick(capped.fix(onset=10.03))
    assert found.quality.doubts() == () and "`influx` is at its bound" in found.doubts()[0]
    assert profile(found, "clearance_time").verdict is Verdict.UNSUPPORTED
    # That the capped quantity itself is open above is what its own interval says already.
    assert profile(found, "influx").verdict is Verdict.BELOW
