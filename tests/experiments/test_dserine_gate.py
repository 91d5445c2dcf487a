"""D-serine gate: verdicts, and the spine against SciPy."""

import numpy as np
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.experiments.dserine_gate import COMPLETE, LACKING, DserineGate
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import ms, s, uM

from .verdicts import unmet

EXPERIMENT = DserineGate()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_table_is_the_same_over_the_reported_range_of_thresholds_and_another_outside(data):
    low, high = float(data["threshold_low"]), float(data["threshold_high"])
    changed = data["change_by_threshold"] > 0
    table = changed.sel(condition=list(COMPLETE)).all("condition") & ~changed.sel(condition=list(LACKING)).any(
        "condition"
    )
    threshold = data["threshold"].values
    assert table.values[(threshold > 1.01 * low) & (threshold < 0.99 * high)].all()
    assert not table.values[(threshold < 0.99 * low) | (threshold > 1.01 * high)].any()


def test_one_pair_moves_the_spine_as_scipy_says():
    model = tp.models.NmdaSynapse().replace({"around.dserine": 5 * uM, "around.rest": 5 * uM})
    spikes = SpikeTrain([5] * ms) & SpikeTrain([15] * ms, event="postspike") & Constant({"astrocyte.ca": 0.1 * uM})
    run = tp.simulate(model, spikes, until=0.1 * s, save_at=[100] * ms, solver=tp.Tsit5(rtol=1e-10, atol=1e-13))

    occupied = 5 / (5 + 7.02)
    opening = 0.072 * 0.6
    bound = opening / (opening + 0.0066) * (1 - np.exp(-(opening + 0.0066)))

    def rates(t, y):
        v, bound_now, ca, _ = y
        free = 1 / (1 + np.exp(-0.062 * v) / 3.57)
        enters = 0.06 * bound_now * free * occupied * (120 - v)
        return [(-70 - v) / 10, -0.0066 * bound_now, enters - ca / 20, 1e-3 * max(ca - 0.5, 0)]

    options = {"method": "LSODA", "rtol": 1e-11, "atol": 1e-14, "max_step": 0.1}
    first = solve_ivp(rates, (5, 15), [-70, bound, 0, 1], **options).y[:, -1]
    last = solve_ivp(rates, (15, 100), [20, *first[1:]], **options).y[:, -1]
    found = [float(run[name][-1]) for name in ("spine.v", "nmda", "spine_ca", "weight")]
    assert found[3] > 1
    np.testing.assert_allclose(found, last, rtol=1e-7)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 6
