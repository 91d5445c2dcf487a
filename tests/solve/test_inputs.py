"""What `simulate` refuses says the rule, what came and what to do."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import ArgumentError, QuantityError, SolveError, TripartiteError
from tripartite.protocols import Constant
from tripartite.units import s, uM

CELL, DRIVE = tp.mechanisms.LiRinzel(), Constant(ip3=0.5 * uM)

REFUSED = [
    ({"until": 10}, QuantityError, r"Write `10 \* s`"),
    ({"until": [1, 2] * s}, QuantityError, "one number"),
    ({"until": -1 * s}, SolveError, "after 0 s"),
    ({"save_at": [0.2, 0.1] * s}, SolveError, "rise"),
    ({"save_at": [[0.1]] * s}, QuantityError, "list"),
    ({"save_at": [0.1] * s, "save_every": 0.1 * s}, SolveError, "Leave one out"),
    ({"save_every": 2 * s}, SolveError, "between"),
    ({"vary": ["uptake"]}, ArgumentError, "dictionary by name"),
    ({"vary": {"uptake": np.array([]) * (uM / s)}}, SolveError, "has none"),
    ({"vary": {"uptake": [0.8, 0.9] * uM / s, "leak": np.array([0.1]) / s}}, SolveError, "one length"),
    ({"vary": {"uptake": [0.8, 0.9] * uM / s}, "seed": range(3)}, SolveError, "one length"),
    ({"vary": {"uptake": [0.8, -0.9] * uM / s}}, TripartiteError, "must lie in"),
    ({"seed": 1.5}, ArgumentError, "whole number"),
    ({"seed": None}, ArgumentError, "whole number"),
    ({"seed": []}, ArgumentError, "got none"),
    ({"solver": "Tsit5"}, SolveError, "object"),
    ({"stream_to": 3}, ArgumentError, "path"),
]


@pytest.mark.parametrize(("given", "error", "words"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_call_that_cannot_be_run_is_refused_with_the_remedy(given, error, words):
    with pytest.raises(error, match=words):
        tp.simulate(CELL, DRIVE, **{"until": 1 * s, **given})


def test_two_protocols_on_one_input_are_refused():
    with pytest.raises(SolveError, match="driven by one protocol"):
        tp.simulate(CELL, DRIVE & Constant(ip3=0.6 * uM), until=1 * s)


def test_a_varied_input_replaces_the_driven_value():
    varied = tp.simulate(CELL, DRIVE, until=5 * s, vary={"ip3": [0.3, 0.6] * uM})
    alone = tp.simulate(CELL, Constant(ip3=0.6 * uM), until=5 * s)
    np.testing.assert_array_equal(varied["ca"].values[1], alone["ca"].values)


def test_tolerances_must_be_numbers():
    with pytest.raises(QuantityError, match="must be a number"):
        tp.Tsit5(rtol="a")
    with pytest.raises(SolveError, match="defaults"):
        tp.Tsit5(rtol=-1e-6)


def test_only_results_run_again():
    with pytest.raises(SolveError, match=r"Result\.load"):
        tp.rerun(3)


def test_a_misspelt_name_of_the_package_lists_the_nearest():
    with pytest.raises(AttributeError, match="simulate"):
        tp.simulat  # noqa: B018
