"""The command line: what it prints, what it writes, and how it ends."""

import contextlib
import ctypes
import json
import signal
import time
from multiprocessing import active_children
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tripartite as tp
from tripartite.cli import _pairs, app, main
from tripartite.cli.catalogue import KINDS, entries
from tripartite.experiments import INDEX, report, runner
from tripartite.units import s, uM

QUICK = "adenosine-a1-feedback"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def run():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, list(arguments))


def failing(monkeypatch, capsys, *arguments):
    """Exit status and message of a call that ends in an error of the package."""
    monkeypatch.setattr("sys.argv", ["tripartite", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code, capsys.readouterr().err


def test_list_names_every_experiment_with_paper_and_claims(run):
    shown = json.loads(run("list", "--json").stdout)
    assert [e["name"] for e in shown["experiments"]] == list(INDEX)
    assert all(e["claims"] + e["checks"] > 0 and e["paper"] in tp.sources.bibliography() for e in shown["experiments"])
    assert {m["name"] for m in shown["mechanisms"]} >= set(tp.mechanisms.__all__)
    assert {m["name"] for m in shown["models"]} == set(tp.models.__all__)
    assert {"depitta2009.AM", "GCAMP6F"} <= {s["name"] for s in shown["sets"]}
    protocols = {e["name"] for kind in ("drugs", "knock-outs", "protocols") for e in shown[kind]}
    assert protocols >= {name for name in tp.protocols.__all__ if name[0].isupper() and "Abstract" not in name}
    assert {r["name"] for r in shown["rules"]} >= {"PairwiseBernoulli", "NearestTerritory", "Gaussian", "Ring"}


def test_list_is_readable_without_json(run):
    printed = run("list").stdout
    assert all(f"  {name} " in printed for name in ("LiRinzel", "GChi", "stimberg2019.NEURON_6", "Dpcpx", "Ring"))
    assert QUICK in printed


@pytest.mark.parametrize("name", [*tp.mechanisms.__all__, "Gcamp"])
def test_show_gives_equations_and_sources_of_every_mechanism(run, name):
    answer = run("show", name)
    assert answer.exit_code == 0
    assert "Equations" in answer.stdout
    assert "source" in answer.stdout


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("experiment", "mechanism")])
def test_show_has_a_page_on_everything_that_is_listed(run, kind):
    for entry in (entry for entry in entries() if entry.kind == kind):
        assert entry.summary
        printed = run("show", entry.name).stdout
        assert printed.startswith(entry.name) or f"{entry.name}  ({kind})" in printed
        assert len(printed.splitlines()) > 2, entry.name


def test_show_sets_equations_in_unicode_and_gives_the_source_when_asked(run):
    printed = run("show", "ThresholdExocytosis").stdout
    assert "dx_A/dt = Ω_A⋅(1 - x_A)" in printed
    assert "C - C_θ ↗ 0" in printed
    assert "def rates" not in printed
    assert "def rates(q):" in run("show", "ThresholdExocytosis", "--source").stdout


def test_show_says_what_a_drug_acts_on_and_what_a_model_and_a_set_hold(run):
    assert "AdenosineA1" in run("show", "Dpcpx").stdout
    printed = run("show", "GChi").stdout
    assert all(key in printed for key in tp.models.GChi().parameters())
    assert "0.02 µM/s" in run("show", "depitta2009.AM").stdout
    assert "depitta2009.FM" in run("show", "depitta2009").stdout


def test_a_name_of_two_things_shows_both(run):
    printed = run("show", "CalEx").stdout
    assert "Equations" in printed
    assert "CalEx  (protocol)" in printed


def test_version_and_the_short_form_of_help(run):
    assert run("--version").stdout == f"tripartite {tp.__version__}\n"
    for arguments in (["-h"], ["run", "-h"]):
        answer = run(*arguments)
        assert answer.exit_code == 0
        assert "Usage" in answer.stdout


def test_show_gives_methods_and_claims_of_an_experiment(run):
    printed = run("show", QUICK).stdout
    assert "Claims" in printed
    assert "--set" in printed


def test_cite_lists_references(run):
    for name in ("LiRinzel", "GChi", "depitta2009.AM"):
        assert "De Pitt" in run("cite", name).stdout
    assert "hargus2009" in run("cite", "Dpcpx").stdout
    assert run("cite", QUICK).exit_code == 0


def test_run_writes_figure_results_claims_and_provenance(run, tmp_path):
    answer = run("run", QUICK, "--out", str(tmp_path), "--quick")
    written = json.loads((tmp_path / "claims.json").read_text())
    fields = {"statement", "kind", "source", "expected", "tolerance", "unit", "measured", "interval", "verdict"}
    assert set(written) == {"changes", "quick", "claims", "checks"}
    assert (written["changes"], written["quick"]) == ({}, True)
    assert all(set(item) == fields for item in (*written["claims"], *written["checks"]))
    assert {item["kind"] for item in written["claims"]} == {"claim"}
    assert answer.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(runner.FILES)
    assert (tmp_path / "figure.png").stat().st_size > 10_000
    assert (tmp_path / "results.nc").exists()
    provenance = json.loads((tmp_path / "provenance.json").read_text())
    assert provenance["experiment"] == QUICK
    assert provenance["models"]


def test_a_changed_parameter_changes_the_verdict_and_the_exit_status_if_strict(run, tmp_path):
    from tripartite.experiments import experiment

    path = next(
        e.key for m in experiment(QUICK).models().values() for e in m.system.parameters if e.key.endswith(".p0")
    )
    answer = run("run", QUICK, "--out", str(tmp_path), "--quick", "--set", f"{path}=0.5")
    assert answer.exit_code == 0
    assert "A check that fails says" in " ".join(answer.stdout.split())
    assert run("run", QUICK, "--out", str(tmp_path), "--quick", "--strict", "--set", f"{path}=0.5").exit_code == 1
    assert json.loads((tmp_path / "provenance.json").read_text())["changes"] == {path: "0.5"}


def test_an_unknown_experiment_lists_the_nearest_and_exits_with_2(monkeypatch, capsys):
    code, message = failing(monkeypatch, capsys, "run", "adenosine-feedback")
    assert code == 2
    assert QUICK in message


def test_an_unknown_mechanism_lists_the_nearest_and_exits_with_2(monkeypatch, capsys):
    code, message = failing(monkeypatch, capsys, "show", "LiRinzle")
    assert code == 2
    assert "LiRinzel" in message


def test_an_unknown_parameter_exits_with_2_before_anything_runs(monkeypatch, capsys, tmp_path):
    code, message = failing(monkeypatch, capsys, "run", QUICK, "--out", str(tmp_path / "x"), "--set", "synapse.p=1")
    assert code == 2
    assert "no parameter" in message or "No model" in message
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("change", "lacks"), [("=0.5", "no parameter"), ("release.p0", "no `=`"), ("release.p0=", "no value")]
)
def test_a_malformed_change_exits_with_2(run, change, lacks):
    answer = run("run", QUICK, "--set", change)
    assert answer.exit_code == 2
    assert "parameter=value" in answer.output and lacks in " ".join(answer.output.split())


def test_a_parameter_is_changed_by_its_last_word():
    model = tp.models.GChi()
    (changed,) = runner.change({"cell": model}, _pairs(["uptake=0.5 uM/s"])).values()
    assert changed["astrocyte.LiRinzel.uptake"] == 0.5 * uM / s != model["astrocyte.LiRinzel.uptake"]


def test_a_value_in_a_wrong_unit_exits_with_2(monkeypatch, capsys, tmp_path):
    from tripartite.experiments import experiment

    path = next(e.key for m in experiment(QUICK).models().values() for e in m.system.parameters)
    code, message = failing(monkeypatch, capsys, "run", QUICK, "--out", str(tmp_path), "--set", f"{path}=1 furlong")
    assert code == 2
    assert path.split(".")[-1] in message and '="1' in message and " * " not in message


def test_wrong_usage_exits_with_2(run):
    assert run("run").exit_code == 2
    assert run("frobnicate").exit_code == 2


def test_a_file_in_place_of_the_folder_exits_with_2(monkeypatch, capsys, tmp_path):
    (tmp_path / "taken").write_text("")
    code, message = failing(monkeypatch, capsys, "run", QUICK, "--out", str(tmp_path / "taken"))
    assert code == 2
    assert "folder" in message


def test_a_folder_of_another_experiment_is_left_alone_before_anything_is_computed(monkeypatch, capsys, tmp_path):
    from tripartite.experiments import INDEX, experiment, runner

    def never(*_):
        raise AssertionError("computed")

    monkeypatch.setattr(type(experiment(QUICK)), "run", never)
    other = next(name for name in INDEX if name != QUICK)
    for content, word in (({"experiment": other}, other), ([], "of no experiment"), (None, "figure.png")):
        (tmp_path / "figure.png").write_text("mine")
        (tmp_path / "provenance.json").write_text(json.dumps(content))
        if content is None:
            (tmp_path / "provenance.json").unlink()
        code, message = failing(monkeypatch, capsys, "run", QUICK, "--out", str(tmp_path))
        assert code == 2 and word in message and "--out" in message
    assert (tmp_path / "figure.png").read_text() == "mine"
    (tmp_path / "provenance.json").write_text(json.dumps({"experiment": QUICK}))
    with pytest.raises(AssertionError, match="computed"):
        runner.run(QUICK, tmp_path)


@pytest.mark.parametrize("file", ["index.html", "verdicts.csv", f"{QUICK}/figure.png"])
def test_reproducing_leaves_files_of_other_origin_alone(file, monkeypatch, capsys, tmp_path):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("mine")
    code, message = failing(monkeypatch, capsys, "reproduce", "--out", str(tmp_path))
    assert code == 2 and "mine" in (tmp_path / file).read_text() and "--out" in message


def test_reproducing_again_replaces_its_own(tmp_path):
    from tripartite.experiments import report, verdicts

    for _ in range(2):
        report.check_free(tmp_path)
        report.write([], tmp_path / "index.html")
        verdicts.write([], tmp_path / "verdicts.csv")


def test_signs_in_a_path_do_not_become_markup(capsys):
    from pathlib import Path

    from tripartite.cli import verdicts
    from tripartite.experiments import experiment
    from tripartite.experiments.runner import Report

    verdicts.show(Report(experiment(QUICK), [], [], Path("x/[/bold]"), 1.0, True, ""))
    assert "x/[/bold]/figure.png" in capsys.readouterr().out


def test_a_run_says_at_once_what_it_does_and_where_it_writes(run, monkeypatch, tmp_path):
    def stopped(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(tp.experiments.experiment(QUICK)), "run", stopped)
    printed = run("run", QUICK, "--out", str(tmp_path / "here")).stdout.replace("\n", "")
    assert str(tmp_path / "here") in printed
    assert tp.experiments.experiment(QUICK).title.rstrip(".") in printed


def test_a_changed_run_says_what_was_changed_wherever_it_shows_a_result(run, tmp_path):
    from tripartite.experiments import experiment, report

    parameters = (e.key for m in experiment(QUICK).models().values() for e in m.system.parameters)
    path, value = next(key for key in parameters if key.endswith(".p0")), "0.5"
    answer = run("run", QUICK, "--quick", "--out", str(tmp_path), "--set", f"{path}={value}")
    assert f"Changed for this run: {path} = {value}." in " ".join(answer.stdout.split())
    assert json.loads((tmp_path / "claims.json").read_text())["changes"] == {path: value}

    made = runner.run(QUICK, tmp_path, {path: value}, quick=True)
    assert f"{path} = {value}" in report.write([made], tmp_path / "index.html").read_text()
    plain = runner.run(QUICK, tmp_path, quick=True)
    assert json.loads((tmp_path / "claims.json").read_text())["changes"] == {}
    assert "Changed for this run" not in report.write([plain], tmp_path / "index.html").read_text()


def test_the_figure_of_a_changed_run_says_so_under_its_title():
    from tripartite.figures import figure, headed

    made, _ = figure()
    headed(made, "")
    assert made.get_suptitle() == ""
    made.suptitle("Title")
    headed(made, "Changed for this run: a.b = $1 uM.")
    assert made.get_suptitle() == "Title\nChanged for this run: a.b = $1 uM."


def test_an_interval_that_decides_stands_beside_its_verdict():
    import xarray as xr

    from tripartite.experiments.base import Claim
    from tripartite.experiments.wording import measured

    claim = Claim("a time", "depitta2009, table 1", "t", (18.7, 95.7), unit="s")

    def judged(**ends):
        return claim.judge(xr.Dataset({"t": ((), 40855.0, {"units": "ms", **ends})}))

    open_end = judged(low=10000.0, high=float("inf"))
    assert (open_end["verdict"], open_end["interval"]) == ("ambiguous", [10.0, None])
    assert measured(open_end) == "40.855 s (may be 10 s or more, partly outside what is expected)"
    inside = judged(low=20000.0, high=60000.0)
    assert (inside["verdict"], measured(inside)) == ("pass", "40.855 s (may be 20 to 60 s)")
    assert (judged()["interval"], measured(judged())) == (None, "40.855 s")


def test_nothing_is_said_to_run_before_what_was_asked_for_is_checked(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["tripartite", "run", QUICK, "--out", str(tmp_path), "--set", "synapse.none=1 uM"])
    with pytest.raises(SystemExit):
        main()
    assert "It runs now" not in capsys.readouterr().out


def test_counts_of_one_are_singular(run):
    lines = run("list").stdout.splitlines()
    assert any("1 claim " in line for line in lines) and not any(" 1 claims" in line for line in lines)
    assert any(" 1 value [" in line for line in lines) and not any(" 1 values" in line for line in lines)


@pytest.mark.parametrize("fault", ["plain", "turned", "dropped", "swallowed"])
def test_an_interrupt_ends_with_a_line_and_130_wherever_it_falls(fault, monkeypatch, capsys):
    def strike():
        signal.raise_signal(signal.SIGINT)

    def turned():
        try:
            strike()
        except KeyboardInterrupt:
            raise TypeError("_get_wrapper_address") from None

    def dropped():
        ctypes.CFUNCTYPE(None)(strike)()
        time.sleep(20)

    def swallowed():
        with contextlib.suppress(BaseException):
            strike()

    monkeypatch.setattr(
        "tripartite.cli.app", {"plain": strike, "turned": turned, "dropped": dropped, "swallowed": swallowed}[fault]
    )
    before, begun = signal.getsignal(signal.SIGINT), time.monotonic()
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert (ended.value.code, printed.err) == (130, "tripartite: interrupted.\n")
    assert signal.getsignal(signal.SIGINT) is before and time.monotonic() - begun < 10


def test_other_faults_are_no_interruption(monkeypatch):
    def fault():
        raise TypeError("a fault")

    monkeypatch.setattr("tripartite.cli.app", fault)
    with pytest.raises(TypeError, match="a fault"):
        main()


def late(name, folder, changes, quick):
    """In place of an experiment: the first is done at once, the others after a while."""
    if name != "first":
        time.sleep(30)
    (folder.parent / f"{name}.txt").touch()
    return name


def test_experiments_that_run_when_nobody_wants_more_end_at_once(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))  # where processes find `late`
    monkeypatch.setattr("tripartite.experiments.INDEX", ("first", "second", "third"))
    monkeypatch.setattr(report.runner, "run", late)
    every = report.every(tmp_path, quick=True)
    assert next(every) == ("first", "first")
    working = active_children()
    every.close()
    for process in working:
        process.join(10)
    assert working and not any(process.is_alive() for process in working)
    assert [path.name for path in tmp_path.iterdir()] == ["first.txt"]


def test_an_interrupted_reproduction_says_what_is_kept(tmp_path, monkeypatch, capsys):
    def every(out, quick):
        yield QUICK, "its measurements are missing"
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(report, "every", every)
    code, message = failing(monkeypatch, capsys, "reproduce", "--out", str(tmp_path))
    assert code == 130
    assert f"tripartite: 0 of {len(INDEX)} experiments were done; their folders in {tmp_path} are kept." in message
    assert message.endswith("tripartite: interrupted.\n")
