"""Recordings: units are converted, gaps stay gaps, tables are read or refused with a sentence."""

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tripartite import Recording
from tripartite.errors import (
    ArgumentError,
    DimensionError,
    QuantityError,
    RecordingError,
    TripartiteError,
    UnknownNameError,
)
from tripartite.units import Hz, ms, nM, s, uM

TIME = np.arange(6) * 0.5
VALUES = np.array([0.1, 0.2, 0.4, 0.3, 0.2, 0.1])


@pytest.mark.parametrize(
    "made",
    [
        Recording(TIME, VALUES, unit="uM"),
        Recording(TIME * s, VALUES * uM),
        Recording(TIME * 1000 * ms, VALUES * 1000 * nM, unit="uM"),
        Recording(TIME / 60 * tp.units.minute, VALUES * uM),
        Recording.of(xr.DataArray(VALUES, {"time": TIME}, ["time"], attrs={"units": "uM"})),
        Recording.of(xr.DataArray(VALUES, {"time": ("time", TIME * 1000, {"units": "ms"})}, attrs={"units": "uM"})),
        Recording(list(TIME), xr.DataArray(VALUES, dims="time", attrs={"units": "uM"})),
    ],
)
def test_every_way_to_say_it_gives_the_same_recording(made):
    np.testing.assert_allclose(made.times, TIME, rtol=1e-12)
    np.testing.assert_allclose(made.values, VALUES, rtol=1e-12)
    assert made.unit == "uM" and made.frame == pytest.approx(0.5) and made.gaps == []
    np.testing.assert_allclose(made.to("nM").values, 1000 * VALUES, rtol=1e-12)


def test_a_variable_of_a_result_is_a_recording():
    run = tp.simulate(tp.mechanisms.SpikeCalcium(), until=2 * s, save_every=0.5 * s)
    made = Recording.of(run["ca"])
    assert made.unit == "uM" and made.name == run["ca"].attrs["long_name"]
    np.testing.assert_array_equal(made.values, run["ca"].values)


def test_a_member_of_an_ensemble_keeps_what_it_is():
    vary = {"clearance_time": [0.1, 0.2] * s}
    run = tp.simulate(tp.mechanisms.SpikeCalcium(), until=2 * s, save_every=0.5 * s, vary=vary)
    both, one = Recording.of(run["ca"]), Recording.of(run["ca"].isel(member=1))
    assert both.values.shape == run["ca"].shape and both.courses.shape == (5, 2)
    np.testing.assert_array_equal(one.values, both[1].values)


def test_missing_frames_and_gaps_are_kept_as_they_are():
    times = np.delete(np.arange(20) * 0.1, [7, 12, 13, 14, 15])
    values = np.sin(times)
    values[3] = np.nan
    made = Recording(times, values)
    assert np.isnan(made.values[3]) and len(made) == 15
    np.testing.assert_allclose(made.gaps, [(0.6, 0.8), (1.1, 1.6)])
    # One or two missing frames leave a course whole, three or more break it.
    assert [len(part) for part in made.stretches(~np.isnan(values))] == [10, 4]
    even = made.evened()
    assert len(even) == 20 and int(np.isnan(even.values).sum()) == 6
    np.testing.assert_allclose(even.values[~np.isnan(even.values)], values[~np.isnan(values)])
    assert len(made.present()) == 14
    assert "1 missing values, 2 gaps" in repr(made)


def test_masked_values_are_missing_and_whole_numbers_become_floats():
    masked = np.ma.masked_greater(np.array([1, 2, 60000], dtype=np.uint16), 50000)
    made = Recording([0, 1, 2], masked)
    np.testing.assert_array_equal(made.values, [1, 2, np.nan])
    assert made.values.dtype == float


def test_uneven_times_have_no_frame_and_no_gaps():
    made = Recording(np.geomspace(1, 100, 20), np.ones(20))
    assert made.frame is None and made.gaps == [] and len(made.stretches(np.ones(20, bool))) == 1
    with pytest.raises(TripartiteError, match="even times"):
        made.evened()


def test_courses_are_chosen_by_name_or_number_with_their_sigma():
    both = np.stack([VALUES, 2 * VALUES], axis=1)
    made = Recording(TIME, both * uM, places=["soma", "process"], sigma=0.1 * both * uM)
    one = made["process"]
    np.testing.assert_array_equal(one.values, 2 * VALUES)
    np.testing.assert_allclose(one.weights, 1 / (0.2 * VALUES))
    np.testing.assert_array_equal(made[0].values, VALUES)
    np.testing.assert_allclose(made.to("nM").sigma, 100 * both)
    np.testing.assert_allclose(one.between(0.5, 1.5 * s).times, [0.5, 1.0])
    with pytest.raises(UnknownNameError, match="Did you mean `process`"):
        made["proces"]
    with pytest.raises(UnknownNameError, match="It has 2"):
        made[2]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Recording(TIME[::-1], VALUES), "times that rise"),
        (lambda: Recording([0, 0, 1], [1, 2, 3]), "times that rise"),
        (lambda: Recording([0], [1]), "two samples or more"),
        (lambda: Recording([0, np.nan, 2], [1, 2, 3]), "finite"),
        (lambda: Recording(TIME, VALUES[:3]), "shape \\(6,\\) and values of shape \\(3,\\). Transpose"),
        (lambda: Recording(TIME, [1, 2, 3, 4, 5, np.inf]), "1 infinite"),
        (lambda: Recording(TIME, list("abcdef")), "plain numbers"),
        (lambda: Recording(TIME, VALUES * s, unit="uM"), "measured in uM; got s"),
        (lambda: Recording(TIME * uM, VALUES), "measured in s"),
        (lambda: Recording(TIME, VALUES, unit="uMM"), "A unit is one that pint knows"),
        (lambda: Recording(TIME, VALUES, sigma=[0.1, 0.2]), "`sigma` is positive, one number or one for each"),
        (lambda: Recording(TIME, VALUES, sigma=-1), "`sigma` is positive"),
        (lambda: Recording(TIME, VALUES, sigma=0.1 * s), "`sigma` is measured in 1; got s"),
        (lambda: Recording(TIME, VALUES * uM, sigma="no"), "`sigma`"),
        (lambda: Recording(TIME, VALUES, name=3), "name of a recording is text"),
        (lambda: Recording(TIME, np.ones((6, 2)), places=["a", "a"]), "name of its own"),
        (lambda: Recording(TIME, VALUES).to("s"), "another dimension"),
        (lambda: Recording(TIME, VALUES).between(5, 6), "from 5 to 6 s are 0"),
        (lambda: Recording(TIME, np.full(6, np.nan)).present(), "0 are missing in no course"),
        (lambda: Recording.of(VALUES), "got an object of `ndarray`"),
    ],
)
def test_what_is_no_recording_is_refused(make, said):
    with pytest.raises(TripartiteError, match=said):
        make()


def read(tmp_path, text, **options):
    path = tmp_path / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Recording.read_csv(path, **options)


PLAIN = "time (s),a (uM),b (uM)\n0,0.5,1\n0.5,,2\n1.0,0.25,NaN\n"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (PLAIN, {}),
        (PLAIN.replace("\n", "\r\n"), {}),
        ("\ufeff" + PLAIN, {}),
        (PLAIN.encode("utf-16"), {}),
        (PLAIN.replace("uM", "µM").encode("cp1252"), {"encoding": "cp1252"}),
        (PLAIN.replace(",", ";").replace(".", ","), {}),
        (PLAIN.replace(",", "\t"), {}),
        ("sep=;\n" + PLAIN.replace(",", ";"), {}),
        ("# taken in May\n" + PLAIN, {}),
        (PLAIN.replace("time (s)", "time (ms)").replace("0.5,,", "500,,").replace("1.0,", "1000,"), {}),
        (PLAIN.replace("time (s)", "t"), {"time_unit": "s"}),
        (PLAIN.replace("time (s)", "elapsed"), {"time": "elapsed", "time_unit": "s"}),
        (PLAIN.replace(" (uM)", ""), {"unit": "uM"}),
        (PLAIN.replace("b (uM)", "b [nM]").replace(",1\n", ",1000\n").replace(",2\n", ",2000\n"), {}),
        (PLAIN.replace("\n", ",\n"), {}),
        (PLAIN.replace("time (s)", "frame").replace("0.5,,", "1,,"), {"columns": ["a", 2], "frame_rate": 2 * Hz}),
        (PLAIN.split("\n", 1)[1].replace("NaN", ""), {"time": 0, "time_unit": "s", "unit": "uM"}),
    ],
)
def test_tables_of_every_kind_give_the_same_recording(tmp_path, text, options):
    made = read(tmp_path, text, **options)
    np.testing.assert_allclose(made.times, [0, 0.5, 1.0])
    np.testing.assert_allclose(made.values, [[0.5, 1], [np.nan, 2], [0.25, np.nan]])
    assert made.unit == "uM"
    assert made.places == (["a", "b"] if "a" in str(text[:60]) or isinstance(text, bytes) else ["1", "2"])


CELLS = np.round(np.random.default_rng(2).uniform(0, 1, (12, 3)), 4)


def table(first, head, rows=CELLS):
    """Lines of a table, ``first`` before each row and ``head`` above them."""
    return "\n".join([*head, *(",".join([*start, *map(str, row)]) for start, row in zip(first, rows, strict=True))])


@pytest.mark.parametrize("options", [{"frame_rate": 5 * Hz}, {}], ids=["rate", "times"])
@pytest.mark.parametrize(
    ("head", "start"),
    [(["Frame"], 0), (["Frame"], 1), (["frame number"], 17), (["Index"], 0), ([""], 0), ([""], 1), (["Unnamed: 0"], 0)],
)
def test_a_column_that_counts_frames_is_no_course(tmp_path, head, start, options):
    if options:
        text = table([[str(k + start)] for k in range(12)], [",".join([*head, "ROI_1", "ROI_2", "ROI_3"])])
    else:
        text = table([[f"{k + start}.0", str(k / 5)] for k in range(12)], [f"{head[0]},time (s),ROI_1,ROI_2,ROI_3"])
    made = read(tmp_path, text, **options)
    assert made.places == ["ROI_1", "ROI_2", "ROI_3"]
    np.testing.assert_array_equal(made.values, CELLS)
    np.testing.assert_allclose(made.times, np.arange(12) / 5)


def test_the_header_that_pandas_writes_is_one(tmp_path):
    made = read(tmp_path, table([[str(k)] for k in range(12)], [",0,1,2"]), frame_rate=5 * Hz)
    assert made.places == ["0", "1", "2"]
    np.testing.assert_array_equal(made.values, CELLS)
    timed = read(tmp_path, table([[str(k / 5)] for k in range(12)], [",0,1,2"]), time=0, time_unit="s")
    np.testing.assert_array_equal(timed.values, CELLS)


def test_frames_that_are_left_out_are_known_by_their_times_alone(tmp_path):
    frames = np.delete(np.arange(13), 5)
    with pytest.raises(TripartiteError, match="leave some out"):
        read(tmp_path, table([[str(k)] for k in frames], ["frame,a,b,c"]), frame_rate=5 * Hz)
    made = read(tmp_path, table([[str(k), str(k / 5)] for k in frames], ["frame,time (s),a,b,c"]))
    assert made.places == ["a", "b", "c"] and made.gaps == [(0.8, 1.2)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (table([[str(k / 5)] for k in range(12)], ["Time,a,b,c"]), "whose column `Time` is called time. Leave"),
        (table([[str(k / 5)] for k in range(12)], ["time (s),a,b,c"]), "whose column `time .s.` is called time"),
        (table([[str(k)] for k in range(12)], ["cell,a,b,c"]), "0, 1, 2 …, may be one or may count"),
        (table([[str(k)] for k in range(12)], []), "0, 1, 2 …, may be one or may count"),
        (table([[]] * 12, ["0,1,2"]), "counts, 0, 1, 2 …, and may be either"),
        (table([[str(k / 5)] for k in range(12)], [",a,b,c"]), "column 0 .* has none and may be an index"),
        (table([[]] * 3, [], CELLS.repeat(6, axis=1)[:3]), "3 frames of 18 courses and no times, .* as Suite2p"),
    ],
)
def test_what_may_be_no_course_is_asked_for(tmp_path, text, said):
    with pytest.raises(TripartiteError, match=said):
        read(tmp_path, text, frame_rate=5 * Hz)


def test_what_is_named_is_taken_as_it_is(tmp_path):
    counted = table([[str(k)] for k in range(12)], ["cell,a,b,c"])
    assert read(tmp_path, counted, frame_rate=5 * Hz, columns=["cell", "a"]).places == ["cell", "a"]
    wide = table([[]] * 3, [], CELLS.repeat(6, axis=1)[:3])
    assert read(tmp_path, wide, frame_rate=5 * Hz, columns=range(18)).courses.shape == (3, 18)


def test_what_is_written_is_read_again(tmp_path):
    made = Recording(TIME, np.stack([VALUES, np.where(VALUES > 0.3, np.nan, VALUES)], axis=1) * uM, places=["a", "b"])
    again = Recording.read_csv(made.to_csv(tmp_path / "again.csv"))
    np.testing.assert_array_equal(again.values, made.values)
    np.testing.assert_array_equal(again.times, made.times)
    assert again.unit == "uM" and again.places == ["a", "b"]


@pytest.mark.parametrize("unit", ["1/(uM*s)", "nA/(um**2)", "1", "uM", "percent", "1/(uM*(s*s))"])
@pytest.mark.parametrize(
    "places", [["a (nM)", "b (s)"], ["a", "b [uM]"], ["(nM)", "a (1)"], ["a (soma)", "a (1/(uM*s))"]]
)
def test_units_and_names_that_look_like_units_are_read_as_they_were_written(tmp_path, unit, places):
    made = Recording(TIME, np.stack([VALUES, 2 * VALUES], axis=1), unit=unit, places=places)
    again = Recording.read_csv(made.to_csv(tmp_path / "again.csv"))
    assert (again.unit, again.places) == (unit, places)
    np.testing.assert_array_equal(again.values, made.values)


def test_numbers_of_several_units_are_not_taken_as_they_are(tmp_path):
    text = "time (s),a (nM),b (uM)\n0,100,0.1\n1,200,0.2\n"
    with pytest.raises(RecordingError, match=r"in nM, uM\. Choose `columns` of one kind, or leave `unit` out"):
        read(tmp_path, text, unit="1")
    np.testing.assert_allclose(read(tmp_path, text).values, [[100, 100], [200, 200]])


def test_a_unit_that_contradicts_the_header_is_refused(tmp_path):
    text = "time (ms),Ca (nM),b [nM]\n0,100,1\n500,200,2\n"
    for options, said in [
        ({"unit": "uM"}, r"got 'uM', and the column `Ca \(nM\)` of .* is in nM\. .*\.to\('uM'\)"),
        ({"unit": "s"}, "is in nM"),
        ({"time_unit": "s"}, r"`time_unit` is for .* got 's', and the column `time \(ms\)` .* is in ms"),
    ]:
        with pytest.raises(RecordingError, match=said):
            read(tmp_path, text, **options)
    with pytest.raises(RecordingError, match="`time_ms`"):
        read(tmp_path, "time_ms,a\n0,1\n5,2\n", time_unit="s")
    same = read(tmp_path, text, unit="nmol/L", time_unit="ms")
    np.testing.assert_array_equal(same.values, [[100, 1], [200, 2]])
    np.testing.assert_allclose(same.times, [0, 0.5])
    assert read(tmp_path, text, unit="1").unit == "1"


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", {}, "has 0 line"),
        ("time (s),a\n0,1\n", {}, "`.*` has 1. Check"),
        ("time (s),a\n0,1\n1\n", {}, "as many cells as the first, 2; line 3 .* has 1"),
        ("time (s),a\n0,1\n1,x\n", {}, "line 3 of .*, column `a`, has 'x'"),
        ("time (s),a\n0,1\n0,2\n", {}, "rise; in line 3"),
        ("time (s),a\n0,1\n,2\n", {}, "rise; in line 3"),
        ("time,a\n0,1\n1,2\n", {}, 'names none. Say it: `time_unit="s"`'),
        ("time (mV),a\n0,1\n1,2\n", {}, "is in mV"),
        ("frame,a\n0,1\n1,2\n", {}, "the column `frame` .* counts frames, which are none. Say .* `frame_rate="),
        ("0,1\n1,2\n", {}, "it has no header"),
        ("time (s)\n0\n1\n", {}, "has one column"),
        ("time (s),a,a\n0,1,2\n1,2,3\n", {}, "has `a` twice"),
        ("time (s),,a\n0,1,2\n1,2,3\n", {}, "column 1 .* has none and may be an index"),
        ("time (s),a (uM),b (mV)\n0,1,2\n1,2,3\n", {}, "are in mV, uM"),
        ("time (s);a\n0;1,234\n1;2,345\n", {}, "decimals or thousands"),
        ('time (s),a\n0,"1,234.5"\n1,2\n', {}, "decimals or thousands"),
        ("time (s),a\n0,1_000\n1,2\n", {}, "has '1_000'"),
        ("time (s),a\n0,inf\n1,2\n", {}, "has 'inf'"),
        (PLAIN, {"columns": ["c"]}, "no column `c`"),
        (PLAIN, {"columns": [0]}, "the times among them"),
        (PLAIN, {"columns": [7]}, "from 0 to 2; got 7"),
        (PLAIN, {"frame_rate": 2 * Hz, "time": 0}, "got both"),
        (PLAIN, {"frame_rate": 0 * Hz, "columns": ["a"]}, "`frame_rate` is positive"),
        (PLAIN, {"delimiter": "::"}, "`delimiter` is one character"),
        (PLAIN, {"decimal": "?"}, "a point or a comma"),
        (PLAIN.replace("uM", "µM").encode("cp1252"), {}, 'encoding="cp1252"'),
        (b"PK\x03\x04", {}, "a workbook or an archive"),
        (b"time,a\n\0\0", {}, "binary"),
    ],
)
def test_a_table_in_doubt_is_refused_with_its_line(tmp_path, text, options, said):
    with pytest.raises(TripartiteError, match=said):
        read(tmp_path, text, **options)


def test_paths_that_are_none_are_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv", 7, None, ""):
        with pytest.raises(TripartiteError):
            Recording.read_csv(path)


JUNK = [None, True, -1, "x", b"x", [], {}, object(), np.nan, [1, "a"], np.zeros((2, 0)), 1j, s, [1, 2] * s, type, "1 s"]


@pytest.mark.parametrize("place", ["times", "values", "sigma", "unit", "name", "places"])
def test_nothing_wrong_ends_in_a_plain_python_error(place):
    good = {"times": TIME, "values": np.stack([VALUES, VALUES], axis=1)}
    for junk in JUNK:
        try:
            Recording(**{**good, place: junk})
        except (TripartiteError, ArgumentError, DimensionError, QuantityError):
            continue


def test_a_gap_that_memory_cannot_bridge_is_refused():
    times = np.append(np.arange(1000.0), 1e15)
    recording = Recording(times * s, np.ones(1001) * uM)
    with pytest.raises(TripartiteError, match=r"1001 frames that spans 1e\+15 needs about .* Cut it at its gaps"):
        recording.evened()


DROPPED = "Frame,a (nM)\n1,0.1\n2,0.2\n5,0.3\n6,0.4\n7,0.5\n8,0.6\n"


def test_frames_that_are_counted_are_timed_by_their_rate_alone(tmp_path):
    made = read(tmp_path, DROPPED, time="Frame", frame_rate=5 * Hz)
    np.testing.assert_allclose(made.times, np.array([1, 2, 5, 6, 7, 8]) / 5)
    assert made.gaps == [pytest.approx((0.4, 1.0))]
    for options in ({"time": "Frame", "time_unit": "s"}, {"time": "Frame"}, {"time": 0, "time_unit": "s"}):
        with pytest.raises(RecordingError, match=r'time="Frame", frame_rate=10 \* Hz'):
            read(tmp_path, DROPPED, **options)
    with pytest.raises(RecordingError, match=r"`Frame` .* counts frames, .* `frame_rate=10"):
        read(tmp_path, DROPPED)
    with pytest.raises(RecordingError, match="`time='Frame'` beside `frame_rate`"):
        read(tmp_path, DROPPED, frame_rate=5 * Hz)


@pytest.mark.parametrize(
    ("header", "places", "unit"),
    [
        ("dF/F (%) 1,dF/F (%) 2", ["dF/F 1", "dF/F 2"], "percent"),
        ("Ca (nM) soma,Ca (nM) process", ["Ca soma", "Ca process"], "nM"),
        ("Mean(1),Mean(2)", ["Mean(1)", "Mean(2)"], "1"),
        ("Mean(1),Mean(soma)", ["Mean(1)", "Mean(soma)"], "1"),
        ("Cell (m),Cell (f)", ["Cell (m)", "Cell (f)"], "1"),
        ("Cell (a),Cell (b)", ["Cell (a)", "Cell (b)"], "1"),
        ("dF/F (a.u.),Ca (a.u.)", ["dF/F", "Ca"], "1"),
        ("Mean1,Mean2", ["Mean1", "Mean2"], "1"),
        ("depth [m],height [m]", ["depth", "height"], "m"),
    ],
)
def test_headers_keep_their_units_and_their_names(tmp_path, header, places, unit):
    made = read(tmp_path, f"time (s),{header}\n0,1,2\n1,2,3\n")
    assert (made.places, made.unit) == (places, unit)
    again = Recording.read_csv(made.to_csv(tmp_path / "again.csv"))
    assert (again.places, again.unit) == (places, unit)


def test_a_letter_in_brackets_is_asked_for(tmp_path):
    text = "time (s),Cell (m)\n0,1\n1,2\n"
    with pytest.raises(RecordingError, match=r'`unit="m"` or `unit="1"`'):
        read(tmp_path, text)
    assert (read(tmp_path, text, unit="m").unit, read(tmp_path, text, unit="m").name) == ("m", "Cell")
    assert (read(tmp_path, text, unit="1").unit, read(tmp_path, text, unit="1").name) == ("1", "Cell (m)")


def test_measures_of_imagej_beside_the_means_are_asked_for(tmp_path):
    text = " ,Area1,Mean1,Min1,Max1,Area2,Mean2,Min2,Max2\n" + "".join(
        f"{k},100,{k / 10},0,1,100,{k / 5},0,1\n" for k in range(1, 6)
    )
    with pytest.raises(RecordingError, match=r'Area, Mean, Min, Max .* `columns=\[f"Mean\{k\}" for k in range\(1, 3\)'):
        read(tmp_path, text, frame_rate=5 * Hz)
    made = read(tmp_path, text, frame_rate=5 * Hz, columns=[f"Mean{k}" for k in range(1, 3)])
    np.testing.assert_allclose(made.values[:, 1], np.arange(1, 6) / 5)
    with pytest.raises(RecordingError, match=r"columns=\['Mean'\]"):
        read(tmp_path, " ,Area,Mean\n1,5,1\n2,5,2\n", frame_rate=5 * Hz)


def test_the_only_column_in_a_unit_of_time_holds_the_times(tmp_path):
    german = "Zeit (s);Zelle 1 (nM)\n0,0;1,5\n0,5;2,5\n1,0;3,5\n"
    np.testing.assert_allclose(read(tmp_path, german).times, [0, 0.5, 1.0])
    np.testing.assert_allclose(read(tmp_path, german.replace("(s)", "[ms]")).times, [0, 0.0005, 0.001])
    with pytest.raises(TripartiteError, match="several columns"):
        read(tmp_path, "Zeit (s),Dauer (s),a\n0,0,1\n1,2,2\n")
    with pytest.raises(TripartiteError, match="no column"):  # it falls
        read(tmp_path, "Dauer (s),a\n3,0\n1,2\n")


def test_units_below_the_header_are_sent_into_it(tmp_path):
    for row in ("s,nM", "(s),(nM)", "[s],[nM]"):
        with pytest.raises(RecordingError, match=r"line 2 .* Write `time \(s\)` into the header"):
            read(tmp_path, f"time,cell 1\n{row}\n0,1\n1,2\n")
