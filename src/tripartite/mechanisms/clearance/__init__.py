"""Uptake of glutamate by astrocytes, and where glutamate goes until then."""

from tripartite.errors import room
from tripartite.mechanisms.clearance.activity import ActivitySlowing
from tripartite.mechanisms.clearance.current import TransporterCurrent
from tripartite.mechanisms.clearance.eaat2 import Eaat2
from tripartite.mechanisms.clearance.spillover import ExtrasynapticGlutamate, GlutamateSpillover
from tripartite.mechanisms.clearance.uptake import MichaelisMentenUptake, TransporterDensity
from tripartite.mechanisms.clearance.voltage import TransporterVoltage

__all__ = [
    "ActivitySlowing",
    "Eaat2",
    "ExtrasynapticGlutamate",
    "GlutamateSpillover",
    "MichaelisMentenUptake",
    "TransporterCurrent",
    "TransporterDensity",
    "TransporterVoltage",
]

__getattr__, __dir__ = room(__name__, __all__)
