"""Knock-outs: genes whose product is missing, in every model that has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tripartite.mechanisms import Kir41, TissueMembrane
from tripartite.protocols.pharmacology import AbstractKnockout, Site
from tripartite.protocols.sites import CONNEXINS, IP3_RECEPTORS


@dataclass(frozen=True)
class Ip3r2Knockout(AbstractKnockout):
    """No IP3 receptors of type 2: no release of calcium from the ER by IP3, in every model that has it.

    Calcium that enters by other ways stays.
    """

    label: ClassVar[str] = "IP3R2 knock-out"
    acts_on: ClassVar[str] = "release through IP3 receptors"
    sites: ClassVar[tuple[Site, ...]] = IP3_RECEPTORS


@dataclass(frozen=True)
class ConnexinKnockout(AbstractKnockout):
    """No connexins 30 and 43: nothing passes gap junctions, and no hemichannel opens."""

    label: ClassVar[str] = "connexin knock-out"
    acts_on: ClassVar[str] = "gap junctions and hemichannels"
    sites: ClassVar[tuple[Site, ...]] = CONNEXINS


@dataclass(frozen=True)
class Kir41Knockout(AbstractKnockout):
    """No Kir4.1: astrocytes lose the potassium conductance that rectifies inwards."""

    label: ClassVar[str] = "Kir4.1 knock-out"
    acts_on: ClassVar[str] = "Kir4.1"
    sites: ClassVar[tuple[Site, ...]] = (Site(Kir41, "g_kir"), Site(TissueMembrane, "g_kir"))
