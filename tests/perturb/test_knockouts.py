"""The table of perturbations against read-outs."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import QuantityError, TripartiteError, UnknownNameError
from tripartite.perturb.knockouts import _common
from tripartite.protocols import Constant, Dpcpx, Hm3dq, Ip3r2Knockout, Mpep
from tripartite.units import nM, s, uM

GLUTAMATE = Constant(glutamate=2 * uM)
READOUTS = {
    "mean calcium": "ca",
    "peak": lambda run: run["ca"].max(),
    "last": lambda run: float(run["ca"][-1]) * 1000 * nM,
}


@pytest.fixture(scope="module")
def table():
    rows = [Mpep(at=0 * s), Ip3r2Knockout(), Dpcpx(at=0 * s), Hm3dq(at=0 * s)]
    return tp.knockouts(tp.models.GChi(), rows, READOUTS, GLUTAMATE, 100 * s)


def test_every_number_is_that_of_its_own_run(table):
    run = tp.simulate(tp.models.GChi(), GLUTAMATE & Mpep(at=0 * s), until=100 * s)
    steps = np.diff(run["time"].values)
    mean = np.sum(steps * (run["ca"].values[1:] + run["ca"].values[:-1])) / (2 * 100)
    assert table["MPEP", "mean calcium"] == pytest.approx(mean, rel=1e-4)  # of the trapezoids
    assert table["MPEP", "peak"] == pytest.approx(float(run["ca"].max()), rel=1e-6)
    assert table["MPEP", "last"] == pytest.approx(1000 * float(run["ca"][-1]), rel=1e-6)
    assert float(table.relative.sel(perturbation="MPEP", readout="peak")) < 1


def test_a_mean_over_time_does_not_depend_on_where_values_are_saved():
    """The mean of samples of which most lie at the start was 0.93, nearly the start, for 0.1."""

    class Decay(tp.Mechanism):
        x = tp.State(1.0, "uM", "what decays")
        k = tp.Parameter(1.0, "1/s", "rate of decay", "assumed: a test")

        def rates(q):
            return {"x": -q.k * q.x}

    uneven = np.concatenate([np.linspace(0, 0.1, 100), np.linspace(0.2, 10, 99)]) * s
    slower = {"slower": tp.Perturbation("slower", {"k": 0.5}, at=0 * s)}
    table = tp.knockouts(Decay(), slower, {"mean": "x"}, until=10 * s, save_at=uneven)
    assert table["control", "mean"] == pytest.approx((1 - np.exp(-10)) / 10, rel=1e-6)
    assert table["slower", "mean"] == pytest.approx((1 - np.exp(-5)) / 5, rel=1e-6)


@pytest.mark.parametrize("samples", [[0, 7.5, 10], np.linspace(0, 10, 41)])
def test_the_mean_of_what_jumps_at_events_is_exact_whatever_is_saved(samples):
    """Trapezoids from the value after each jump gave up to a third too much."""

    class Cleft(tp.Mechanism):
        x = tp.State(0.0, "uM", "what is released")
        k = tp.Parameter(10.0, "1/s", "rate of decay", "assumed: a test")
        unit_release = tp.Parameter(1.0, "uM", "what a spike releases", "assumed: a test")

        def rates(q):
            return {"x": -q.k * q.x}

        def on_spike(q):
            return {"x": q.x + q.unit_release}

    spikes = tp.protocols.SpikeTrain([1, 2.5, 4] * s)
    slower = {"slower": tp.Perturbation("slower", {"k": 0.5}, at=0 * s)}
    table = tp.knockouts(Cleft(), slower, {"mean": "x"}, spikes, until=10 * s, save_at=samples * s)
    for row, rate in (("control", 10.0), ("slower", 5.0)):
        exact = sum(1 - np.exp(-rate * (10 - start)) for start in (1, 2.5, 4)) / rate / 10
        assert table[row, "mean"] == pytest.approx(exact, rel=1e-6)


def test_a_notebook_shows_the_table_and_the_reasons(table):
    page = table._repr_html_()
    for text in ("last (nM)", "MPEP", "no target", "acts on A1 receptors", f"{table['MPEP', 'peak']:.4g}"):
        assert text in page


def test_what_has_no_target_says_so_instead_of_a_number(table):
    assert not table.applies("DPCPX") and table.applies("hM3Dq")
    assert np.isnan(table["DPCPX", "peak"])
    assert "acts on A1 receptors" in table.reasons["DPCPX"]
    lines = str(table).splitlines()
    assert lines[0].endswith("last (nM)")
    assert next(line for line in lines if line.startswith("DPCPX")).split() == ["DPCPX", "no", "target"]


def test_the_table_is_labelled(table):
    assert list(table.data["perturbation"].values) == ["control", "MPEP", "IP3R2 knock-out", "DPCPX", "hM3Dq"]
    assert table.data.sel(readout="peak")["unit"].item() == "uM"
    with pytest.raises(UnknownNameError, match="MPEP"):
        table["MPEK", "peak"]


def test_rows_need_names_and_readouts_need_functions():
    cell = tp.models.GChi()
    with pytest.raises(QuantityError, match="comes twice"):
        tp.knockouts(cell, [Mpep(at=0 * s), Mpep(at=1 * s)], READOUTS, GLUTAMATE, 1 * s)
    with pytest.raises(QuantityError, match="name other than"):
        tp.knockouts(cell, {"control": Mpep(at=0 * s)}, READOUTS, GLUTAMATE, 1 * s)
    with pytest.raises(QuantityError, match="Read-outs come by name"):
        tp.knockouts(cell, [Mpep(at=0 * s)], {"calcium": 3}, GLUTAMATE, 1 * s)


def test_a_table_says_what_it_wants():
    model, drug = tp.mechanisms.LiRinzel(), tp.protocols.Cpa(at=1 * s)
    held = tp.protocols.Constant(ip3=0.3 * uM)
    with pytest.raises(TripartiteError, match=r"object of `Protocol`; got 3"):
        tp.knockouts(model, 3, {"ca": "ca"}, held, until=2 * s)
    with pytest.raises(UnknownNameError, match=r"no argument `sedd`\. Did you mean `seed`"):
        tp.knockouts(model, [drug], {"ca": "ca"}, held, until=2 * s, sedd=3)
    with pytest.raises(QuantityError, match=r"one number; `all` gave \d+\. Reduce it"):
        tp.knockouts(model, [drug], {"all": lambda run: run["ca"]}, held, until=2 * s)
    table = tp.knockouts(model, [drug], {"ca": "ca"}, held, until=2 * s)
    with pytest.raises(UnknownNameError, match="a row and a column; got 'CPA'"):
        table["CPA"]
    for given, said in (
        ({"ca": lambda run: None}, "is a number or a quantity; `ca` gave None"),
        ({"ca": lambda run: "high"}, "is a number or a quantity"),
        ({3: "ca"}, "Read-outs come by name"),
        ({"cca": "cca"}, "Did you mean"),
    ):
        with pytest.raises(TripartiteError, match=said):
            tp.knockouts(model, [drug], given, held, until=2 * s)
    with pytest.raises(TripartiteError, match="`protocol` is an object of"):
        tp.knockouts(model, [drug], {"ca": "ca"}, 3, until=2 * s)
    with pytest.raises(TripartiteError):
        tp.knockouts(model, {3: drug}, {"ca": "ca"}, held, until=2 * s)


def test_a_control_that_fails_does_not_decide_the_unit():
    """A duration in seconds stays one when the control never reaches its end."""
    model, held = tp.mechanisms.LiRinzel(), tp.protocols.Constant(ip3=0.3 * uM)
    calls = iter([1 * uM, 2 * s])
    with pytest.raises(QuantityError, match=r"came in .M and in s"):
        tp.knockouts(model, [tp.protocols.Cpa(at=1 * s)], {"x": lambda run: next(calls)}, held, until=2 * s)
    failing = tp.Tsit5(max_steps=1)
    table = tp.knockouts(model, [tp.protocols.Cpa(at=1 * s)], {"x": lambda r: 2 * s}, held, until=2 * s, solver=failing)
    assert np.isnan(table.data).all()
    assert _common("x", [None, "s", "ms"]) == "s" and _common("x", [None]) == "1"
