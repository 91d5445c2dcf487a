"""Seeds, counts and flags of runs: numpy's whole numbers are whole numbers, halves and words are not."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import ArgumentError
from tripartite.protocols import Pairings, PoissonSpikes
from tripartite.units import Hz, ms

MODEL = tp.Model(cell=tp.mechanisms.Adenosine())


def test_a_seed_of_numpy_gives_the_spikes_of_the_same_number():
    first, second = (list(PoissonSpikes(50 * Hz, seed=s).actions(MODEL, 1000.0, 0)) for s in (3, np.int64(3)))
    assert first == second and len(first) > 20


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: list(PoissonSpikes(50 * Hz, seed=1.5).actions(MODEL, 1.0, 0)),
        lambda: list(Pairings(1 * ms, 2.5, 1 * Hz).actions(MODEL, 1.0, 0)),
        lambda: tp.Tsit5(max_steps=0.5),
        lambda: tp.Kvaerno5(max_steps=True),
        lambda: tp.simulate(MODEL, until=1 * ms, progress="no"),
        lambda: tp.steady_states(tp.models.Chi(), "none"),
    ],
)
def test_what_is_no_whole_number_flag_or_protocol_is_refused(wrong):
    with pytest.raises(ArgumentError):
        wrong()
