"""Fixed points are all found, exact, and rightly called."""

import numpy as np
import pytest

import tripartite as tp
from tests.oracles import gchi_scipy, li_rinzel_scipy
from tests.solve import normal_forms
from tripartite.errors import SolveError, WiringError
from tripartite.language import Add, Mechanism, Parameter, State
from tripartite.protocols import Constant
from tripartite.units import s, uM


@pytest.mark.parametrize("ip3", [0.3, 0.5, 0.51, 0.535, 0.7, 1.0])
def test_all_fixed_points_of_li_rinzel_are_found(ip3):
    found = tp.steady_states(tp.mechanisms.LiRinzel(k_serca=0.05 * uM), Constant(ip3=ip3 * uM))
    expected = li_rinzel_scipy.fixed_points(ip3, li_rinzel_scipy.FM)
    np.testing.assert_allclose(np.transpose([found["cell.ca"], found["cell.h"]]), expected, rtol=1e-10)
    for point, (c, h) in zip(range(len(expected)), expected, strict=True):
        values = np.linalg.eigvals(li_rinzel_scipy.jacobian(c, h, ip3, li_rinzel_scipy.FM))
        np.testing.assert_allclose(np.sort(found["growth"][point]), np.sort(values.real), rtol=1e-8)
        np.testing.assert_allclose(found["frequency"][point, 0], abs(values[0].imag) / 2 / np.pi, rtol=1e-8)


def test_fixed_points_carry_units_and_kinds():
    found = tp.steady_states(tp.mechanisms.LiRinzel(k_serca=0.05 * uM), Constant(ip3=0.51 * uM))
    assert found["cell.ca"].attrs["units"] == "uM"
    assert found["growth"].attrs["units"] == "1/s"
    assert list(found["kind"].values) == ["stable node", "saddle", "unstable node"]
    assert list(found["stable"].values) == [True, False, False]


def test_gchi_is_at_rest_without_glutamate():
    found = tp.steady_states(tp.models.GChi().using(tp.parameters.depitta2009.AM), Constant(glutamate=0 * uM))
    states = [float(found[f"astrocyte.{name}"].item()) for name in ("ca", "h", "ip3")]
    np.testing.assert_allclose(states, [0.0698, 0.7931, 0.1484], atol=6e-5)
    np.testing.assert_allclose(gchi_scipy.rates(np.array(states), 0.0, gchi_scipy.AM), 0, atol=1e-13)


@pytest.mark.parametrize(
    ("mechanism", "drive", "kinds"),
    [
        (normal_forms.HopfNormalForm(), -0.5, ["stable focus"]),
        (normal_forms.HopfNormalForm(), 0.5, ["unstable focus"]),
        (normal_forms.NeutralSaddle(), 0.2, ["saddle"]),
        (normal_forms.Pitchfork(), -1.0, ["stable node"]),
        (normal_forms.Pitchfork(), 1.0, ["stable node", "unstable node", "stable node"]),
        (normal_forms.Chain(), 0.3, ["saddle-focus"]),
    ],
)
def test_fixed_points_of_normal_forms_are_rightly_called(mechanism, drive, kinds):
    assert list(tp.steady_states(mechanism, Constant(a=drive))["kind"].values) == kinds


def test_no_fixed_point_is_found_where_there_is_none():
    assert tp.steady_states(normal_forms.SaddleNode(a=0.1)).sizes["point"] == 0


def test_what_holds_at_0_s_counts():
    cell = tp.mechanisms.LiRinzel()
    steps = tp.protocols.Steps("ip3", [0, 10] * s, [0.2, 0.9] * uM)
    slow = tp.Perturbation("less SERCA", {"uptake": 0.5}, at=0 * s)
    later = tp.Perturbation("less SERCA", {"uptake": 0.5}, at=1 * s)
    there = tp.steady_states(cell, steps)
    np.testing.assert_allclose(tp.steady_states(cell, steps & later)["cell.ca"], there["cell.ca"])
    half = tp.steady_states(tp.mechanisms.LiRinzel(uptake=0.45 * uM / s), Constant(ip3=0.2 * uM))
    np.testing.assert_allclose(tp.steady_states(cell, steps & slow)["cell.ca"], half["cell.ca"], rtol=1e-12)


def test_a_synapse_rests_between_spikes():
    found = tp.steady_states(tp.models.Synapse())
    assert list(found["kind"].values) == ["stable node"]


def test_states_that_only_jump_keep_their_start():
    class Trace(Mechanism):
        """A count of spikes beside a decaying trace."""

        count = State(3.0, "1", "spikes so far")
        trace = State(1.0, "1", "decays")
        decay = Parameter(1.0, "1/s", "rate of decay", "assumed: test")

        def rates(q):
            return {"trace": -q.decay * q.trace}

        def on_spike(q):
            return {"count": Add(1), "trace": Add(q.count)}

    found = tp.steady_states(Trace())
    assert float(found["cell.trace"].item()) == pytest.approx(0, abs=1e-12)
    assert "cell.count" not in found


def test_a_model_without_a_flow_is_refused():
    class Tally(Mechanism):
        """A count of spikes."""

        count = State(0.0, "1", "spikes so far")

        def on_spike(q):
            return {"count": Add(1)}

    with pytest.raises(SolveError, match="no flow"):
        tp.steady_states(Tally())


def test_a_missing_input_is_named():
    with pytest.raises(WiringError, match="ip3"):
        tp.steady_states(tp.mechanisms.LiRinzel())
