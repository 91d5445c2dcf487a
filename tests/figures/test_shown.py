"""Figures of data made by hand: stretches of a run, recordings, events, many panels, texts with signs."""

import io
import json
import sys
import types

import matplotlib.image
import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tripartite import figures
from tripartite.errors import ArgumentError, ResultError, UnknownNameError

TIME = np.linspace(0, 10, 51)


def made(count=2, time=TIME, **more):
    courses = {f"cell.x{i}": ("time", np.sin(time + i), {"units": "uM"}) for i in range(count)}
    data = xr.Dataset({**courses, **more}, {"time": time})
    return tp.Result(lambda: data)


def events(dims, times):
    return {
        "cell.release.times": (dims, times, {"units": "s"}),
        "cell.release.amounts": (dims, np.ones(np.shape(times))),
    }


def test_a_figure_is_a_picture_for_a_notebook():
    figure = made().plot()
    picture = matplotlib.image.imread(io.BytesIO(figure._repr_png_()))
    assert picture.shape[0] > 100
    assert picture.std() > 0
    assert figure._repr_html_() is None


def test_a_figure_is_saved_by_its_ending_and_says_which_there_are(tmp_path):
    figure = made().plot()
    for ending in ("png", "pdf", "svg"):
        assert figure.save(tmp_path / f"figure.{ending}").stat().st_size > 1000
    with pytest.raises(ArgumentError, match=r"pdf.*figure\.png"):
        figure.save(tmp_path / "figure.xyz")


def test_show_without_a_window_says_how_to_save(monkeypatch):
    monkeypatch.setattr("matplotlib.get_backend", lambda: "agg")
    with pytest.warns(UserWarning, match=r"figure\.save"):
        made().plot().show()


def test_show_in_a_notebook_displays_the_figure(monkeypatch):
    shown = []
    package, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    package.get_ipython = lambda: types.SimpleNamespace(kernel=object())
    display.display = shown.append
    monkeypatch.setitem(sys.modules, "IPython", package)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    figure = made().plot()
    figure.show()
    assert shown == [figure]


@pytest.mark.parametrize("names", [(), ("x0",)])
def test_a_stretch_without_samples_is_refused_in_words(names):
    with pytest.raises(ResultError, match="at least one sample"):
        made(time=TIME[:0]).plot(*names)


@pytest.mark.parametrize("names", [(), ("x0",)])
def test_a_single_sample_is_drawn_as_a_point(names):
    axes = made(time=TIME[:1]).plot(*names).axes
    assert all(panel.lines[0].get_marker() == "o" for panel in axes)


def test_a_course_of_ones_own_is_drawn_with_its_unit():
    rois = xr.DataArray(np.random.rand(51, 3), dims=("time", "roi"), coords={"time": TIME}, attrs={"units": "nM"})
    (panel,) = figures.plot(rois).axes
    assert len(panel.lines) == 3
    np.testing.assert_array_equal(panel.lines[1].get_ydata(), rois[:, 1])
    assert panel.get_ylabel() == "value\n(nM)"
    assert figures.plot(rois[:, 0].rename("left")).axes[0].get_ylabel() == "left\n(nM)"


@pytest.mark.parametrize("item", [3, TIME, xr.DataArray(TIME), "x"], ids=["number", "array", "no time", "text"])
def test_what_has_no_time_is_refused(item):
    with pytest.raises(UnknownNameError, match="along a coordinate `time`"):
        figures.plot(item)


@pytest.mark.parametrize("members", [1, 8, 9])
def test_few_members_are_lines_and_many_are_a_band(members):
    values = np.random.default_rng(0).normal(size=(members, 51))
    (panel,) = made(0, ca=(("member", "time"), values)).plot("ca").axes
    assert len(panel.lines) == (members if members <= 8 else 1)
    assert len(panel.collections) == (members > 8)


def test_more_panels_than_fit_are_announced():
    axes = made(11).plot().axes
    assert len(axes) == 8
    assert '8 of 11 variables; choose others by name, as in plot("cell.x8")' in axes[-1].get_xlabel()
    assert axes[-1].get_xlabel().startswith("time (s)")
    assert made(8).plot().axes[-1].get_xlabel() == "time (s)"
    assert len(made(11).plot(*(f"x{i}" for i in range(11))).axes) == 11


def test_signs_in_texts_are_drawn_as_they_are(tmp_path):
    result = made()
    result.data.attrs["provenance"] = json.dumps({"bars": [("5 $ each {x", 1, 2)]})
    figures.compare({"$a_": result, "b$": result}, "x0").save(tmp_path / "figure.png")
    made(0, **{"odd $name_": ("time", TIME, {"units": "$/s"})}).plot().save(tmp_path / "figure.png")


def test_events_are_ticks_with_a_row_for_each_member():
    times = [[1.0, 2.0, np.nan], [4.0, 5.0, 6.0]]
    result = made(1, **events(("member", "cell.release.event"), times))
    _, second = result.plot("x0", "release").axes
    rows = [collection.get_positions() for collection in second.collections]
    assert [list(row) for row in rows] == [[1, 2], [4, 5, 6]]
    assert second.get_ylabel() == "cell\nrelease"
    single = made(1, **events(("cell.release.event",), [1.0, 2.0]))
    assert list(single.plot("release").axes[0].collections[0].get_positions()) == [1, 2]


def test_spikes_of_a_network_are_drawn_by_name():
    spikes = {"n.spike.times": ("n.spike.event", [1.0, 2.0]), "n.spike.cells": ("n.spike.event", [0, 3])}
    mean = {"n.v.mean": ("time", TIME, {"units": "mV"})}
    result = made(0, **spikes, **mean)
    (panel,) = result.plot("n.spike").axes
    assert list(panel.lines[0].get_ydata()) == [0, 3]
    assert panel.get_xlim() == (0, 10)
    assert len(result.plot("spike", "v.mean").axes) == 2
    assert len(result.plot("v.mean").axes) == 1  # no raster that nobody asked for
    many = made(0, **spikes, **{f"n.v{i}.mean": ("time", TIME) for i in range(12)})
    assert "7 of 12 variables" in many.plot().axes[-1].get_xlabel()


def test_a_figure_makes_its_folder_and_says_where_it_cannot(tmp_path):
    drawn, _ = figures.figure()
    assert drawn.save(tmp_path / "new" / "folder" / "f.png").stat().st_size > 0
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="written where there is room"):
        drawn.save(tmp_path / "file" / "f.png")
