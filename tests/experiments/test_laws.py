"""Laws of experiments: claims are published and have a place, statements differ, numbers have units, values matter."""

import re

import pytest
import xarray as xr

from tripartite import sources
from tripartite.errors import MissingDataError
from tripartite.experiments import INDEX, experiment
from tripartite.figures import lettered
from tripartite.language import Model

from .verdicts import mutated, quick, verdicts

NAMED = pytest.mark.parametrize("name", INDEX)


@NAMED
def test_an_experiment_names_what_must_matter(name):
    assert experiment(name).must_matter


@NAMED
def test_a_claim_names_a_reference_and_a_place(name):
    for claim in experiment(name).claims:
        key, comma, place = claim.source.partition(",")
        assert key in sources.bibliography() and comma and len(place.strip()) > 2, claim.source
        assert not re.search(r"\b(assumed|computed independently|closed form)\b", claim.source), claim.source


@NAMED
def test_statements_of_an_experiment_differ(name):
    item = experiment(name)
    statements = [s.statement for s in (*item.claims, *item.checks)]
    assert len(set(statements)) == len(statements)
    asked = [(s.number, s.expected, s.tolerance) for s in (*item.claims, *item.checks)]
    assert len(set(asked)) == len(asked), "two statements ask the same of one number"


@NAMED
def test_an_experiment_says_what_its_figure_shows(name):
    assert "**Figure**" in (type(experiment(name)).__doc__ or "")


@NAMED
def test_captions_explain_panels_in_order_by_their_letters(name):
    item = experiment(name)
    assert item.panels == "ABCDEFGHIJKLMNOP"[: len(item.panels)]
    assert not re.search(r"(?:^|[.;] )[a-h](?:(?:, | and | to |-|–)[a-h])*:", item.caption), "letters are capitals"


@pytest.fixture(scope="module")
def ran():
    """Models and data of quick runs, each made once."""
    made: dict[str, tuple[dict[str, Model], xr.Dataset]] = {}

    def run(name: str) -> tuple[dict[str, Model], xr.Dataset]:
        if name not in made:
            models = experiment(name).models()
            try:
                made[name] = models, experiment(name).run(models, quick=True)
            except MissingDataError as reason:
                pytest.skip(str(reason))
        return made[name]

    return run


@pytest.mark.slow
@NAMED
def test_every_model_that_an_experiment_lists_is_asked_by_its_run(name, ran):
    models, _ = ran(name)
    assert [key for key, model in models.items() if "system" not in vars(model)] == []


@pytest.mark.slow
@NAMED
def test_a_caption_explains_every_panel_of_its_figure_and_no_other(name, ran):
    item = experiment(name)
    assert sorted(lettered(item.figure(ran(name)[1]))) == sorted(item.panels)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "path"), [(name, path) for name in INDEX for path in experiment(name).must_matter])
def test_a_change_that_must_matter_turns_a_verdict(name, path, ran):
    item = experiment(name)
    before = verdicts(item, ran(name)[1])
    changed = mutated(item, path, item.must_matter[path])
    after = verdicts(item, quick(item, changed))
    assert before != after
