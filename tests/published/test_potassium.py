"""Published numbers of potassium, seizures and spatial buffering."""

import numpy as np
import pytest

from tests.published import check
from tripartite.analysis import oscillation
from tripartite.experiments.potassium_seizures import burst_starts
from tripartite.experiments.spatial_buffering import load
from tripartite.models import CressmanNeuron, HalnesTissue, ReducedCressman
from tripartite.network import Bdf, States
from tripartite.solve import Tsit5, simulate
from tripartite.units import mM, s


def test_the_neuron_has_a_seizure_every_29_seconds_in_8_mm_potassium():
    run = simulate(CressmanNeuron().replace({"potassium_bath": 8 * mM}), until=120 * s)
    check("cressman_full_burst_period_s", np.diff(burst_starts(run.events("spike")["time"].values)).mean())


def test_the_averaged_neuron_cycles_in_38_seconds_in_8_mm_potassium():
    model = ReducedCressman().replace({"potassium_bath": 8 * mM})
    run = simulate(model, until=900 * s, save_every=0.1 * s, solver=Tsit5(1e-8, 1e-9))
    course = run["potassium_out"].sel(time=slice(500, None))
    check("cressman_red_kb8_period_s", oscillation(course["time"], course, smallest=0.1).period)


@pytest.mark.parametrize("bath", [4.0, 9.0])
def test_the_averaged_neuron_is_steady_below_and_above(bath):
    model = ReducedCressman().replace({"potassium_bath": bath * mM})
    run = simulate(model, until=900 * s, save_every=0.1 * s)
    assert np.ptp(run["potassium_out"].sel(time=slice(700, None)).values) < 1e-2


def test_potassium_reaches_10_mm_where_neurons_release_it():
    column = HalnesTissue()
    record = States(column.tissue, "potassium_out", "kir_factor", every=1 * s)
    run = column.run(until=300 * s, protocol=load(column), record=record, solver=Bdf())
    check("halnes_Ko0_steady_mM", run["tissue.potassium_out"][-1, 0])
    check("halnes_fKir_rest", run["tissue.kir_factor"][0, 0])
