"""Networks of neurons and astrocytes: populations, projections with a third factor, generated kernels.

Connection rules are in `tripartite.network.rules`. A network goes one way through the rooms: what is declared here
is planned (`plan`: what the equations say, as data), connected (`connect`: graph and memory), written (`kernels`: text
for what is planned, which calls what is in `runtime`) and run (`run`).
"""

from tripartite.errors import room
from tripartite.network import rules
from tripartite.network.bdf import Bdf
from tripartite.network.by_distance import ByDistance, Conduction
from tripartite.network.coupling import Coupling
from tripartite.network.diffusion import Diffusion
from tripartite.network.methods import Euler, Heun, RungeKutta4
from tripartite.network.morphology import Morphology
from tripartite.network.network import Network
from tripartite.network.partner import Partner
from tripartite.network.placement import Exact, Naive
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.recording import Average, Record, Spikes, States, Synapses
from tripartite.network.roles import astrocyte, mean, partner, post, pre, total
from tripartite.network.run.simulation import Simulation
from tripartite.network.sources import PoissonGroup, PoissonInput, SpikeTrains
from tripartite.network.space import Torus, lattice, ring, scatter
from tripartite.network.stimuli import On
from tripartite.network.values import Normal, Uniform

__all__ = [
    "Average",
    "Bdf",
    "ByDistance",
    "Conduction",
    "Coupling",
    "Diffusion",
    "Euler",
    "Exact",
    "Heun",
    "Morphology",
    "Naive",
    "Network",
    "Normal",
    "On",
    "Partner",
    "PoissonGroup",
    "PoissonInput",
    "Population",
    "Projection",
    "Record",
    "RungeKutta4",
    "Simulation",
    "SpikeTrains",
    "Spikes",
    "States",
    "Synapses",
    "Torus",
    "Uniform",
    "astrocyte",
    "lattice",
    "mean",
    "partner",
    "post",
    "pre",
    "ring",
    "rules",
    "scatter",
    "total",
]

__getattr__, __dir__ = room(__name__, __all__)
