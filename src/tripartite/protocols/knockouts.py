"""Knock-outs: genes whose product is missing, in every model that has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tripartite.protocols.pharmacology import AbstractKnockout


@dataclass(frozen=True)
class Ip3r2Knockout(AbstractKnockout):
    """No IP3 receptors of type 2: no release of calcium from the ER by IP3, in every model that has it.

    Calcium that enters by other ways stays.
    """

    label: ClassVar[str] = "IP3R2 knock-out"
    acts_on: ClassVar[str] = "release through IP3 receptors"
    molecules: ClassVar[tuple[str, ...]] = ("IP3 receptor",)


@dataclass(frozen=True)
class ConnexinKnockout(AbstractKnockout):
    """No connexins 30 and 43: nothing passes gap junctions, and no hemichannel opens."""

    label: ClassVar[str] = "connexin knock-out"
    acts_on: ClassVar[str] = "gap junctions and hemichannels"
    molecules: ClassVar[tuple[str, ...]] = ("connexin",)


@dataclass(frozen=True)
class Kir41Knockout(AbstractKnockout):
    """No Kir4.1: astrocytes lose the potassium conductance that rectifies inwards."""

    label: ClassVar[str] = "Kir4.1 knock-out"
    acts_on: ClassVar[str] = "Kir4.1"
    molecules: ClassVar[tuple[str, ...]] = ("Kir4.1",)


@dataclass(frozen=True)
class DnSnare(AbstractKnockout):
    """The dominant-negative SNARE domain in astrocytes: their vesicles do not fuse, whatever they hold.

    Release through channels stays. Events of gliotransmission still come, with nothing in them.
    """

    label: ClassVar[str] = "dn-SNARE"
    acts_on: ClassVar[str] = "exocytosis from astrocytes"
    molecules: ClassVar[tuple[str, ...]] = ("SNARE",)


@dataclass(frozen=True)
class Cd73Knockout(AbstractKnockout):
    """No CD73, the ecto-5'-nucleotidase: outside the cells AMP does not become adenosine."""

    label: ClassVar[str] = "CD73 knock-out"
    acts_on: ClassVar[str] = "the step from AMP to adenosine"
    molecules: ClassVar[tuple[str, ...]] = ("CD73",)
