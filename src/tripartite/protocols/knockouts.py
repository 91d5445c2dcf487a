"""Knock-outs: genes whose product is missing, in every model that has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tripartite.mechanisms import (
    DeYoungKeizer,
    Ip3Coupling,
    Ip3ReceptorFlux,
    Kir41,
    LavrentovichHemkin,
    LinearIp3Coupling,
    LiRinzel,
)
from tripartite.protocols.pharmacology import AbstractKnockout, Site


@dataclass(frozen=True)
class Ip3r2Knockout(AbstractKnockout):
    """No IP3 receptors of type 2: no release of calcium from the ER by IP3, in every model that has it.

    Calcium that enters by other ways stays, as it does in the fine processes of mice without the gene.
    """

    label: ClassVar[str] = "IP3R2 knock-out"
    acts_on: ClassVar[str] = "release through IP3 receptors"
    sites: ClassVar[tuple[Site, ...]] = (
        Site(LiRinzel, "release"),
        Site(DeYoungKeizer, "release"),
        Site(Ip3ReceptorFlux, "release"),
        Site(LavrentovichHemkin, "release"),
    )


@dataclass(frozen=True)
class ConnexinKnockout(AbstractKnockout):
    """No connexins 30 and 43: astrocytes exchange nothing through gap junctions."""

    label: ClassVar[str] = "connexin knock-out"
    acts_on: ClassVar[str] = "gap junctions"
    sites: ClassVar[tuple[Site, ...]] = (Site(Ip3Coupling, "coupling"), Site(LinearIp3Coupling, "permeability"))


@dataclass(frozen=True)
class Kir41Knockout(AbstractKnockout):
    """No Kir4.1: astrocytes lose the potassium conductance that rectifies inwards."""

    label: ClassVar[str] = "Kir4.1 knock-out"
    acts_on: ClassVar[str] = "Kir4.1"
    sites: ClassVar[tuple[Site, ...]] = (Site(Kir41, "g_kir"),)
