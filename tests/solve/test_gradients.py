"""Gradients are those of the numerical solution: checked against finite differences and JAX through diffrax."""

import jax.numpy as jnp
import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import SolveError, UnknownNameError
from tripartite.solve.gradients import Traces
from tripartite.units import Hz, s, uM

TIGHT = tp.Tsit5(rtol=1e-11, atol=1e-13)


def mean_square(traces):
    return jnp.mean(traces["ca"] ** 2)


def release_and_occupancy(traces):
    return jnp.mean(traces["bouton.x"] * traces["utilization"]) + jnp.mean(traces["bound"])


def difference(loss, model, protocol, until, path):
    """Fourth-order central difference of a loss by a path."""

    def value(changed):
        result = tp.simulate(changed, protocol, until=until, solver=TIGHT)
        shown = {name: jnp.asarray(result[name].values) for name in result.names}
        return float(loss(Traces(result.time.values, shown)))

    at = model[path]
    step = 1e-4 * at if at.magnitude else 1e-4 * at.units
    values = {k: value(model.replace({path: at + k * step})) for k in (-2, -1, 1, 2)}
    return (8 * (values[1] - values[-1]) - (values[2] - values[-2])) / 12 / step.magnitude


@pytest.mark.parametrize("path", ["uptake", "d5", "v_beta", "leak", "astrocyte.ca", "astrocyte.ip3"])
def test_gradient_of_a_smooth_model_equals_finite_differences(path):
    model, protocol = tp.models.GChi(), tp.protocols.Constant(glutamate=1 * uM)
    _, found = tp.gradient(mean_square, model, protocol, until=40 * s, by=[path], solver=TIGHT)
    expected = difference(mean_square, model, protocol, 40 * s, path)
    assert found[path].magnitude == pytest.approx(expected, rel=1e-6)


HYBRID = ["astrocyte.threshold", "bouton.binding", "u0", "bouton.recovery", "ThresholdExocytosis.fraction", "uptake"]


@pytest.mark.parametrize("path", HYBRID)
def test_gradient_passes_through_spikes_crossings_and_perturbations(path):
    model = tp.models.TripartiteSynapse().using(tp.parameters.stimberg2019.EXAMPLE_4)
    block = tp.Perturbation("block", {"astrocyte.uptake": 0.9, "bouton.recovery": 0.5}, at=4 * s, stop=8 * s)
    protocol = tp.protocols.PoissonSpikes(5 * Hz, seed=1) & block
    run = tp.simulate(model, protocol, until=10 * s)
    assert len(run.events("gliorelease").time) >= 1
    _, found = tp.gradient(release_and_occupancy, model, protocol, until=10 * s, by=[path], solver=TIGHT)
    expected = difference(release_and_occupancy, model, protocol, 10 * s, path)
    assert found[path].magnitude == pytest.approx(expected, rel=1e-6)


def test_value_of_the_loss_is_that_of_the_simulation():
    model, protocol = tp.models.GChi(), tp.protocols.Constant(glutamate=1 * uM)
    value, _ = tp.gradient(mean_square, model, protocol, until=20 * s, by=["uptake"])
    result = tp.simulate(model, protocol, until=20 * s)
    assert value == pytest.approx(float((result["ca"] ** 2).mean()), rel=1e-12)


def test_derivative_by_a_driven_input_has_the_inverse_unit():
    _, found = tp.gradient(
        mean_square, tp.models.GChi(), tp.protocols.Constant(glutamate=1 * uM), until=20 * s, by=["glutamate"]
    )
    assert found["glutamate"].check("1/[concentration]") or str(found["glutamate"].units) == "1 / micromolar"


def test_a_run_that_fails_has_no_gradient():
    with pytest.raises(SolveError, match="reaches its end"):
        tp.gradient(
            mean_square,
            tp.models.GChi(),
            tp.protocols.Constant(glutamate=1 * uM),
            until=20 * s,
            by=["uptake"],
            solver=tp.Tsit5(max_steps=3),
        )


def test_a_misspelt_trace_lists_the_nearest():
    with pytest.raises(UnknownNameError, match=r"astrocyte\.ca"):
        tp.gradient(
            lambda traces: traces["astrocyte.cal"][0],
            tp.models.GChi(),
            tp.protocols.Constant(glutamate=1 * uM),
            until=1 * s,
            by=["uptake"],
        )


def test_gradients_are_finite_at_zero_glutamate_with_a_broken_exponent():
    _, found = tp.gradient(
        mean_square, tp.models.GChi(), tp.protocols.Constant(glutamate=0 * uM), until=5 * s, by=["v_beta", "uptake"]
    )
    assert all(np.isfinite(slope.magnitude) for slope in found.values())
