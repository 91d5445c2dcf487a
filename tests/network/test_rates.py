"""Networks of rates: synapses between cells that do not spike, against NumPy."""

import numpy as np
import pytest

from tests.network.probes import interpret
from tripartite.language import Compartment, Input, Mechanism, Output, Parameter, State
from tripartite.network.network import Network
from tripartite.network.placement import Exact, Naive
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import mean, post, pre, total
from tripartite.network.rules.listed import Explicit
from tripartite.units import ms

STEP, STEPS, TAU = 0.5, 60, 10.0
EDGES = [(0, 0), (0, 1), (1, 0), (2, 2), (2, 1)]
WEIGHTS = [0.5, -0.3, 0.8, 0.4, 1.1]


class Rate(Mechanism):
    """A rate that follows what its synapses bring.

    **Sources** assumed: a test. **Holds for** tests.
    """

    r = State(0.0, "1", "rate")
    felt = State(0.0, "ms", "integral of what its synapses reach")
    drive = Input("1", "what synapses bring")
    reached = Input("1", "what its own synapses reach")
    tau = Parameter(TAU, "ms", "time constant", "assumed: a test")

    def rates(q):
        return {"r": (q.drive - q.r) / q.tau, "felt": q.reached}


class Weighted(Mechanism):
    """A weight times a rate.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = Input("1", "rate of the presynaptic cell")
    y = Output("1", "what the synapse brings")
    weight = Parameter(1.0, "1", "weight", "assumed: a test")

    def outputs(q):
        return {"y": q.weight * q.x}


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
def test_rates_meet_in_synapses_without_a_spike(monkeypatch, placement):
    interpret(monkeypatch)
    weighted = Compartment(Weighted())
    start = np.array([1.0, -0.5, 2.0])
    cells = Population(Rate(), 3, values={"r": start * ms / ms})
    recurrent = Projection(
        cells,
        cells,
        synapse=weighted,
        rule=Explicit([i for i, _ in EDGES], [j for _, j in EDGES]),
        values={"weight": WEIGHTS},
        wiring=[pre.r >> weighted.x, total(weighted.y) >> post.drive, mean(weighted.weight) >> pre.reached],
    )
    found = Network(cells=cells, connections=[recurrent], step=STEP * ms, placement=placement).start(threads=1)
    found.run(STEPS * STEP * ms, record=[])

    matrix = np.zeros((3, 3))
    matrix[[j for _, j in EDGES], [i for i, _ in EDGES]] = WEIGHTS
    r, fade = start, 1 - STEP / TAU + (STEP / TAU) ** 2 / 2  # Heun's, with inputs held over the step
    for _ in range(STEPS):
        drive = matrix @ r
        r = drive + (r - drive) * fade
    np.testing.assert_allclose(found["cells_cell_r"][:-1], r, rtol=1e-12)
    means = [np.mean([w for w, (i, _) in zip(WEIGHTS, EDGES, strict=True) if i == k]) for k in range(3)]
    np.testing.assert_allclose(found["cells_cell_felt"][:-1], np.array(means) * STEPS * STEP, rtol=1e-12)
