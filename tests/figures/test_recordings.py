"""Figures of recordings and fits: what is missing is not drawn over, what is in doubt is said."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from tripartite import Recording
from tripartite.analysis import calcium_events
from tripartite.errors import RecordingError
from tripartite.figures import plot_fit
from tripartite.fit.quality import judged
from tripartite.units import s

TIMES = np.delete(np.arange(300) * 0.1, np.arange(200, 230))
COURSE = np.exp(-((TIMES - 10) ** 2)) + 0.02 * np.random.default_rng(1).standard_normal(len(TIMES))


def lines(panel):
    return [line.get_ydata() for line in panel.lines]


def test_no_line_is_drawn_over_a_gap_and_events_are_marked():
    recording = Recording(TIMES, np.stack([COURSE, COURSE], axis=1), places=["a", "b"], name="dF/F")
    events = calcium_events(recording)
    panel = recording.plot(events=events).axes[0]
    drawn = lines(panel)
    assert int(np.isnan(drawn[0]).sum()) == 1 and len(drawn[0]) == len(TIMES) + 1
    assert [label.get_text() for label in panel.get_yticklabels()] == ["a", "b"]
    np.testing.assert_allclose(drawn[2][0], events.peak[0])
    assert recording["a"].plot().axes[0].get_ylabel() == "dF/F of a"
    with pytest.raises(RecordingError, match="holds 40 courses"):
        Recording(TIMES, np.zeros((len(TIMES), 41))).plot()


@pytest.mark.parametrize(("unit", "name", "said"), [("1", "dF/F", "dF/F"), ("uM", "", "µM"), ("1", "", "(no unit)")])
def test_no_course_reaches_into_the_row_of_another(unit, name, said):
    times = np.arange(300) * 0.1
    heights = np.array([1.0, 12.0, 0.1, 12.0, 0.0, 5.0])
    noise = np.random.default_rng(1).standard_normal((300, 6))
    courses = heights * (np.exp(-((times[:, None] - 15) ** 2)) + 0.02 * noise - 0.5)
    courses[:, 4] = np.nan
    recording = Recording(times, courses, unit=unit, name=name, places=list("abcdef"))
    events = calcium_events(recording)
    panel = recording.plot(events=events).axes[0]
    rows = lines(panel)[:6]
    reach = [(np.min(row), np.max(row)) if k != 4 else (np.nan, np.nan) for k, row in enumerate(rows)]
    seen = [r for k, r in enumerate(reach) if k != 4]
    assert all(above[0] > below[1] for above, below in itertools.pairwise(seen))
    for place, peak, bar in zip(events.place, lines(panel)[6], panel.collections[0].get_segments(), strict=True):
        assert reach[place][0] <= peak <= reach[place][1] and bar[0][1] < reach[place][0]
        assert place == 5 or bar[0][1] > np.nanmax([r[1] for r in reach[place + 1 :]])
    assert set(events.place) >= {1, 3, 5}
    for course, row in zip(np.delete(courses, 4, 1).T, np.delete(rows, 4, 0), strict=True):
        assert np.ptp(row - course) < 1e-9  # one scale for all
    scale = float(np.ptp(lines(panel)[7]))
    assert panel.texts[0].get_text() == f"{scale:g} {said}"
    ticks = [label.get_position()[1] for label in panel.get_yticklabels()]
    assert np.all(np.diff(ticks) < 0)


def found(predicted):
    recording = Recording(TIMES, COURSE, name="dF/F")
    quality = judged(recording, predicted, 2)
    return SimpleNamespace(
        problem=SimpleNamespace(recording=recording, start=0.0), residuals=COURSE - predicted, quality=quality,
        estimates={"decay": 2 * s}, doubts=quality.doubts, curve=lambda t: np.interp(t, TIMES, predicted),
    )  # fmt: skip


def test_a_fit_is_drawn_with_its_residuals_and_its_doubts():
    good = plot_fit(found(np.exp(-((TIMES - 10) ** 2))))
    course, words, left, lags = good.axes
    assert int(np.isnan(lines(course)[0]).sum()) == 1 and int(np.isnan(lines(left)[0]).sum()) == 1
    assert "decay = 2 s" in words.texts[0].get_text() and len(words.texts) == 1
    assert lags.get_xlabel() == "lag (frames)"
    poor = plot_fit(found(np.full(len(TIMES), COURSE.mean())))
    assert poor.axes[1].texts[1].get_text() == "in doubt"
