"""Who is connected to whom, which astrocyte ensheathes which synapse, and which cells touch."""

from tripartite.errors import room
from tripartite.network.rules.along import Along
from tripartite.network.rules.bernoulli import PairwiseBernoulli
from tripartite.network.rules.degree import FixedInDegree, FixedOutDegree
from tripartite.network.rules.distance import DistanceDependent
from tripartite.network.rules.edges import AbstractAttachment, AbstractRule, AbstractSharing, Cells, Edges, Shares
from tripartite.network.rules.listed import AllToAll, Explicit, OneToOne
from tripartite.network.rules.neighbours import AbstractNeighbours, EdgeList, Grid, Ring, WithinDistance
from tripartite.network.rules.profiles import AbstractProfile, Exponential, Gaussian, Within
from tripartite.network.rules.sharing import ExplicitSharing, OverlappingTerritories
from tripartite.network.rules.third import (
    BernoulliWithPool,
    BlockPool,
    ExplicitAttachment,
    NearestTerritory,
    Post,
    Pre,
    RandomPool,
)
from tripartite.network.rules.topologies import Nearest, RandomPairs
from tripartite.network.rules.total import FixedTotalNumber

__all__ = [
    "AbstractAttachment",
    "AbstractNeighbours",
    "AbstractProfile",
    "AbstractRule",
    "AbstractSharing",
    "AllToAll",
    "Along",
    "BernoulliWithPool",
    "BlockPool",
    "Cells",
    "DistanceDependent",
    "EdgeList",
    "Edges",
    "Explicit",
    "ExplicitAttachment",
    "ExplicitSharing",
    "Exponential",
    "FixedInDegree",
    "FixedOutDegree",
    "FixedTotalNumber",
    "Gaussian",
    "Grid",
    "Nearest",
    "NearestTerritory",
    "OneToOne",
    "OverlappingTerritories",
    "PairwiseBernoulli",
    "Post",
    "Pre",
    "RandomPairs",
    "RandomPool",
    "Ring",
    "Shares",
    "Within",
    "WithinDistance",
]

__getattr__, __dir__ = room(__name__, __all__)
