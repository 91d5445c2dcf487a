"""Knock-outs: genes whose product is missing, in every model that has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tripartite.mechanisms import (
    GradedExocytosis,
    Kir41,
    PurineCascade,
    PurineChain,
    QuantalExocytosis,
    ThresholdExocytosis,
    TissueMembrane,
    VesicleFusion,
)
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


@dataclass(frozen=True)
class DnSnare(AbstractKnockout):
    """The dominant-negative SNARE domain in astrocytes: their vesicles do not fuse, whatever they hold.

    Release through channels stays. Events of gliotransmission still come, with nothing in them.
    """

    label: ClassVar[str] = "dn-SNARE"
    acts_on: ClassVar[str] = "exocytosis from astrocytes"
    sites: ClassVar[tuple[Site, ...]] = (
        Site(ThresholdExocytosis, "fraction"),
        Site(QuantalExocytosis, "fraction"),
        Site(GradedExocytosis, "fusion"),
        Site(VesicleFusion, "fusion"),
    )


@dataclass(frozen=True)
class Cd73Knockout(AbstractKnockout):
    """No CD73, the ecto-5'-nucleotidase: outside the cells AMP does not become adenosine."""

    label: ClassVar[str] = "CD73 knock-out"
    acts_on: ClassVar[str] = "the step from AMP to adenosine"
    sites: ClassVar[tuple[Site, ...]] = (Site(PurineCascade, "amp_vmax"), Site(PurineChain, "amp_rate"))
