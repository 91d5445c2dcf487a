"""Drugs: what pharmacologists add to the bath, by the receptor, pump or channel it acts on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from tripartite.language.protocol import Bar
from tripartite.protocols.pharmacology import (
    AbstractAntagonist,
    AbstractDrug,
    AbstractTargeted,
    Effect,
    bar,
    span,
    staircase,
    time_constant,
)


@dataclass(frozen=True)
class Dpcpx(AbstractAntagonist):
    """The A1 antagonist DPCPX from ``at`` to ``stop``: 1 / (1 + dose / affinity) of the A1 action is left.

    It acts on every ``AdenosineUtilization.strength`` (exact for a competitive antagonist), every
    ``AdenosineA1.inhibition`` (receptors taken out of play, which adenosine does not win back) and every
    ``AdenosineInhibition.ic50``.

    **Sources** ``dose`` by default 500 nM (hargus2009, table 1). ``affinity`` by default 0.5 nM (assumed:
    order of the binding constant in rat brain; at the usual doses the block is complete whatever it is).
    """

    dose: Any = field(default="500 nM", kw_only=True)
    affinity: Any = field(default="0.5 nM", kw_only=True)

    label: ClassVar[str] = "DPCPX"
    acts_on: ClassVar[str] = "A1 receptors"
    molecules: ClassVar[tuple[str, ...]] = ("A1",)


@dataclass(frozen=True)
class Mpep(AbstractDrug):
    """The allosteric mGluR5 antagonist MPEP: less IP3 at any glutamate.

    **Sources** ``affinity`` by default 36 nM (gasparini1999, inhibition of IP3 turnover); ``dose`` assumed.
    """

    dose: Any = field(default="10 uM", kw_only=True)
    affinity: Any = field(default="36 nM", kw_only=True)

    label: ClassVar[str] = "MPEP"
    acts_on: ClassVar[str] = "mGluR5"
    source: ClassVar[str] = "gasparini1999, abstract"
    molecules: ClassVar[tuple[str, ...]] = ("mGluR5",)


@dataclass(frozen=True)
class Ly367385(AbstractAntagonist):
    """The competitive antagonist LY367385 of group I mGluR: more glutamate is needed for the same effect.

    On dynamic receptors it slows binding, as an antagonist does that comes and goes faster than glutamate.

    **Sources** ``affinity`` by default 10 µM (assumed: order of magnitude at mGluR1); ``dose`` assumed.
    """

    dose: Any = field(default="100 uM", kw_only=True)
    affinity: Any = field(default="10 uM", kw_only=True)

    label: ClassVar[str] = "LY367385"
    acts_on: ClassVar[str] = "group I mGluR"
    molecules: ClassVar[tuple[str, ...]] = ("mGluR5",)


@dataclass(frozen=True)
class Am251(AbstractDrug):
    """The CB1 antagonist AM251 on receptors of the astrocyte; its inverse agonism is left out.

    **Sources** ``affinity`` by default 10 nM (assumed: order of the binding constant); ``dose`` assumed.
    """

    dose: Any = field(default="2 uM", kw_only=True)
    affinity: Any = field(default="10 nM", kw_only=True)

    label: ClassVar[str] = "AM251"
    acts_on: ClassVar[str] = "CB1 receptors of the astrocyte"
    molecules: ClassVar[tuple[str, ...]] = ("CB1",)


@dataclass(frozen=True)
class Apv(AbstractAntagonist):
    """The competitive NMDA antagonist D-APV: less binding of glutamate, wherever the receptors are.

    Slow inward currents, which have no binding, lose the blocked fraction.

    **Sources** ``affinity`` by default 1.5 µM (assumed: order of the binding constant); ``dose`` assumed.
    """

    dose: Any = field(default="50 uM", kw_only=True)
    affinity: Any = field(default="1.5 uM", kw_only=True)

    label: ClassVar[str] = "APV"
    acts_on: ClassVar[str] = "NMDA receptors"
    molecules: ClassVar[tuple[str, ...]] = ("NMDA receptor",)


@dataclass(frozen=True)
class Tboa(AbstractAntagonist):
    """The competitive blocker TBOA of glutamate transporters, which they do not carry: slower uptake.

    Uptake at a constant rate loses the blocked fraction, diffusion included where the rate holds both.

    **Sources** ``affinity`` by default 6 µM (shimamoto1998, EAAT2); ``dose`` assumed.
    """

    dose: Any = field(default="50 uM", kw_only=True)
    affinity: Any = field(default="6 uM", kw_only=True)

    label: ClassVar[str] = "TBOA"
    acts_on: ClassVar[str] = "glutamate transporters"
    source: ClassVar[str] = "shimamoto1998, abstract"
    molecules: ClassVar[tuple[str, ...]] = ("glutamate transporter",)


@dataclass(frozen=True)
class Mrs2179(AbstractAntagonist):
    """The competitive P2Y1 antagonist MRS2179.

    **Sources** ``affinity`` by default 0.1 µM (assumed: order of magnitude); ``dose`` assumed.
    """

    dose: Any = field(default="10 uM", kw_only=True)
    affinity: Any = field(default="0.1 uM", kw_only=True)

    label: ClassVar[str] = "MRS2179"
    acts_on: ClassVar[str] = "P2Y1 receptors"
    molecules: ClassVar[tuple[str, ...]] = ("P2Y1",)


@dataclass(frozen=True)
class Prazosin(AbstractAntagonist):
    """The competitive α1 antagonist prazosin.

    **Sources** ``affinity`` by default 1 nM (assumed: order of the binding constant); ``dose`` assumed.
    """

    dose: Any = field(default="1 uM", kw_only=True)
    affinity: Any = field(default="1 nM", kw_only=True)

    label: ClassVar[str] = "prazosin"
    acts_on: ClassVar[str] = "α1 receptors"
    molecules: ClassVar[tuple[str, ...]] = ("alpha-1",)


@dataclass(frozen=True)
class Cgp55845(AbstractAntagonist):
    """The competitive GABA_B antagonist CGP 55845.

    **Sources** ``affinity`` by default 5 nM (assumed: order of magnitude); ``dose`` assumed.
    """

    dose: Any = field(default="5 uM", kw_only=True)
    affinity: Any = field(default="5 nM", kw_only=True)

    label: ClassVar[str] = "CGP55845"
    acts_on: ClassVar[str] = "GABA_B receptors of the astrocyte"
    molecules: ClassVar[tuple[str, ...]] = ("GABA-B",)


@dataclass(frozen=True)
class Cpa(AbstractDrug):
    """Cyclopiazonic acid, which blocks SERCA and washes out.

    **Sources** ``affinity`` by default 1 µM (assumed: order of magnitude); ``dose`` assumed.
    """

    dose: Any = field(default="20 uM", kw_only=True)
    affinity: Any = field(default="1 uM", kw_only=True)

    label: ClassVar[str] = "CPA"
    acts_on: ClassVar[str] = "SERCA"
    molecules: ClassVar[tuple[str, ...]] = ("SERCA",)


@dataclass(frozen=True)
class Thapsigargin(AbstractTargeted):
    """Thapsigargin, which blocks SERCA for good: pumps go with the time constant ``onset``, none comes back.

    **Sources** ``onset`` by default 2 min (assumed: a saturating dose in a slice).
    """

    at: Any = field(kw_only=True)
    onset: Any = field(default="2 min", kw_only=True)

    label: ClassVar[str] = "thapsigargin"
    acts_on: ClassVar[str] = "SERCA"
    molecules: ClassVar[tuple[str, ...]] = ("SERCA",)

    def strongest(self, effect: Effect) -> float:
        return 0.0

    def stretches(self, effect: Effect) -> Iterator[tuple[float, float, float]]:
        start, stop = span(self.at, None)
        onset = time_constant(self.onset, "onset")
        yield from staircase(lambda t: np.exp(-t / onset), start, stop, onset, 0.0)

    def bars(self, until: float) -> list[Bar]:
        return bar(self.label, *span(self.at, None), until)


@dataclass(frozen=True)
class Carbenoxolone(AbstractDrug):
    """Carbenoxolone, which closes gap junctions and hemichannels of astrocytes, and much else that is left out here.

    In a network it acts on the coupling: ``On(coupling, Carbenoxolone(at=20 * s))``.

    **Sources** ``affinity`` by default 10 µM (assumed: order of magnitude); ``dose`` assumed.
    """

    dose: Any = field(default="100 uM", kw_only=True)
    affinity: Any = field(default="10 uM", kw_only=True)

    label: ClassVar[str] = "carbenoxolone"
    acts_on: ClassVar[str] = "gap junctions and hemichannels"
    molecules: ClassVar[tuple[str, ...]] = ("connexin",)


@dataclass(frozen=True)
class Gap26(AbstractDrug):
    """The peptide gap26 against connexin 43, which closes its channels over tens of minutes.

    **Sources** ``affinity`` by default 50 µM, ``onset`` 15 min (assumed: orders of magnitude); ``dose`` assumed.
    """

    dose: Any = field(default="200 uM", kw_only=True)
    affinity: Any = field(default="50 uM", kw_only=True)
    onset: Any = field(default="15 min", kw_only=True)

    label: ClassVar[str] = "gap26"
    acts_on: ClassVar[str] = "connexin 43"
    molecules: ClassVar[tuple[str, ...]] = ("connexin",)
