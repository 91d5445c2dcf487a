"""A protocol may need something in the model; `simulate` puts it there, a network asks for it."""

from dataclasses import dataclass

import pytest

import tripartite as tp
from tripartite.errors import NetworkError
from tripartite.language import Input, Mechanism, Model, Parameter, Protocol
from tripartite.network import Network, On, Population
from tripartite.protocols import Constant
from tripartite.units import s, uM


class Source(Mechanism):
    """IP3 at a constant rate."""

    ip3 = Input("uM", "IP3")

    made = Parameter(1.0, "uM/s", "production", "assumed: for the test")

    def rates(q):
        return {"ip3": q.made}


@dataclass(frozen=True)
class Express(Protocol):
    """Puts `Source` into the astrocyte, and does nothing else."""

    def equipped(self, model: Model) -> Model:
        held = model.compartments["astrocyte"].mechanisms
        return model if any(isinstance(m, Source) for m in held) else model.add(astrocyte=Source())

    def actions(self, model, until, seed):
        return iter(())


def test_a_run_puts_into_the_model_what_its_protocol_needs_and_does_so_again_from_provenance():
    cell = tp.models.Chi()
    run = tp.simulate(cell, Express(), until=5 * s, save_at=[5] * s)
    by_hand = tp.simulate(cell.add(astrocyte=Source()), until=5 * s, save_at=[5] * s)
    assert float(run["ip3"][0]) == float(by_hand["ip3"][0])
    assert float(tp.rerun(run, classes=[Source, Express])["ip3"][0]) == float(run["ip3"][0])
    assert len(cell.compartments["astrocyte"].mechanisms) == 2


def test_protocols_together_equip_one_after_the_other():
    cell = tp.models.Chi()
    both = Express() & Express()
    assert len(both.equipped(cell).compartments["astrocyte"].mechanisms) == 3
    assert both.equipped(both.equipped(cell)) is not cell
    assert (Constant(ca=1 * uM) & Constant(ip3=1 * uM)).equipped(cell) is cell


def test_a_network_refuses_a_protocol_that_its_cells_are_not_equipped_for():
    plain = Population(tp.models.Chi(), 2)
    with pytest.raises(NetworkError, match=r"Population\(tool\.equipped\(model\)"):
        Network(cells=plain, step=10 * tp.units.ms).run(until=1 * s, protocol=On(plain, Express()))
    cells = Population(Express().equipped(tp.models.Chi()), 2)
    run = Network(cells=cells, step=10 * tp.units.ms).run(until=1 * s, protocol=On(cells, Express()))
    assert run.ok
