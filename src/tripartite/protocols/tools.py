"""Genetic tools: expressed in the cells that can carry them, then used by ligand or light."""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from tripartite import arguments, mechanisms, units
from tripartite.errors import NoTargetError, RangeError
from tripartite.language.declarations import Input
from tripartite.language.mechanism import Mechanism, provided
from tripartite.language.model import Model, as_model
from tripartite.language.protocol import Action, Bar, Occur, Protocol
from tripartite.protocols.inputs import Pulses
from tripartite.protocols.pharmacology import bar


@dataclass(frozen=True)
class AbstractTool(Protocol, ABC):
    """A tool that cells must express before it can be used.

    `simulate` puts it into every compartment that can carry it, or into ``into`` alone; a model that expresses it
    already is left as it is. For a network write ``Population(tool.equipped(model), ...)``.

    **Arguments** into: name of a compartment; values: parameters of the tool, by name.
    """

    into: str | None = field(default=None, kw_only=True)
    values: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    label: ClassVar[str]
    expressed: ClassVar[tuple[type[Mechanism], ...]]
    """The tool, then what comes with it."""
    needs: ClassVar[str]
    """What a compartment must hold to carry it."""

    def places(self, model: Model) -> list[str]:
        """Compartments that express the tool, or else those that can; **raises** `NoTargetError` when none can."""
        model = as_model(model)
        if self.into is not None:
            arguments.known(self.into, model.compartments, "`into` names one compartment of the model; it has no")
        chosen = model.compartments if self.into is None else {self.into: model.compartments[self.into]}
        tool = self.expressed[0]
        having = [name for name, held in chosen.items() if any(isinstance(m, tool) for m in held.mechanisms)]
        able = [name for name, held in chosen.items() if self.needs in held.sources]
        if not having and not able:
            where = f"compartment `{self.into}`" if self.into else f"model of {', '.join(model.compartments)}"
            raise NoTargetError(
                f"{self.label} acts in compartments with `{self.needs}`; the {where} has none. Add a mechanism that "
                f"provides it, or put `{tool.__name__}` where it belongs yourself."
                + provided({self.needs: tool.declared(Input)[self.needs].unit})
            )
        return having or able

    def targets(self, model: Model) -> dict[str, str]:
        """What acts in which compartment."""
        return dict.fromkeys(self.places(model), self.expressed[0].__name__)

    def explain(self, model: Model) -> str:
        """Where it acts in a model."""
        return f"{self.label} acts on `{self.needs}` of {', '.join(f'`{name}`' for name in self.places(model))}."

    def equipped(self, model: Model) -> Model:
        for place in self.places(model):
            for kind in self.expressed:
                if not any(isinstance(m, kind) for m in model.compartments[place].mechanisms):
                    model = model.add(**{place: self._made(kind)})
        return model

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        return iter(())

    def _made(self, kind: type[Mechanism]) -> Mechanism:
        known = {name for tool in self.expressed for name in tool().values}
        given = arguments.mapping(self.values, "values", '{"hm3dq_exponent": 2}')
        for name in given:
            arguments.known(name, known, f"{self.label} has no parameter")
        return kind(**{name: value for name, value in given.items() if name in kind().values})


@dataclass(frozen=True)
class AbstractChemogenetics(AbstractTool):
    """A designer receptor whose ligand is injected: ``dose`` at ``at``, absorbed and eliminated by `DesignerLigand`.

    ``dose`` is the concentration it would reach if it were absorbed at once. Two receptors in one model share the
    ligand, and with it the doses of both.
    """

    at: Any = field(kw_only=True)
    dose: Any = field(default="1 uM", kw_only=True)

    needs: ClassVar[str] = "ip3"

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        at, dose = units.number(self.at, "s", "at"), units.number(self.dose, "uM", "dose")
        if at < 0 or dose < 0:
            raise RangeError(
                f"A dose of 0 or more is given at or after 0 s; got dose={self.dose}, at={self.at}. Correct them."
            )
        if at < until:
            yield from (Occur(at, f"{place}.dose", dose) for place in self.places(model))

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"dose of the ligand of {self.label}", units.row(self.at, "s", "at")

    def bars(self, until: float) -> list[Bar]:
        dose = units.shown(units.as_quantity(self.dose, "uM", "dose"))
        return bar(f"{self.label}, ligand {dose}", units.number(self.at, "s", "at"), math.inf, until)


@dataclass(frozen=True)
class Hm3dq(AbstractChemogenetics):
    """hM3Dq in every compartment with IP3, and a dose of its ligand: more IP3 through Gq.

    ``tp.simulate(tp.models.GChi(), Constant(glutamate="1 nM") & Hm3dq(dose="1 uM", at=20 * s), until=600 * s)``.
    Strength, affinity and pharmacokinetics are assumed; change them with ``values``.
    """

    label: ClassVar[str] = "hM3Dq"
    expressed: ClassVar[tuple[type[Mechanism], ...]] = (mechanisms.Hm3dq, mechanisms.DesignerLigand)


@dataclass(frozen=True)
class Hm4di(AbstractChemogenetics):
    """hM4Di in every compartment with IP3, and a dose of its ligand: IP3 of the sign ``hm4di_effect``, less cAMP.

    Sign, strength, affinity and pharmacokinetics are assumed; change them with ``values``.
    """

    label: ClassVar[str] = "hM4Di"
    expressed: ClassVar[tuple[type[Mechanism], ...]] = (mechanisms.Hm4di, mechanisms.DesignerLigand)


@dataclass(frozen=True)
class CalEx(AbstractTool):
    """CalEx in every compartment whose total calcium can change: it extrudes calcium during the whole run.

    A closed cell has nowhere to extrude to: open it with ``model.add(astrocyte=[TotalCalcium(), PlasmaLeak()])``.
    """

    label: ClassVar[str] = "CalEx"
    expressed: ClassVar[tuple[type[Mechanism], ...]] = (mechanisms.CalEx,)
    needs: ClassVar[str] = "ca_total"

    def bars(self, until: float) -> list[Bar]:
        return bar(self.label, 0.0, math.inf, until)


@dataclass(frozen=True)
class AbstractOptogenetics(AbstractTool):
    """A light-driven tool: ``irradiance`` at the membrane for ``duration`` from each of ``starts`` on, else dark."""

    starts: Any = field(kw_only=True)
    duration: Any = field(kw_only=True)
    irradiance: Any = field(default="5 mW/mm**2", kw_only=True)

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        for place in self.places(model):
            yield from self._light(f"{place}.irradiance").actions(model, until, seed)

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"light ({self.label})", units.row(self.starts, "s", "starts")

    def bars(self, until: float) -> list[Bar]:
        return [Bar(self.label, b.start, b.stop) for b in self._light("irradiance").bars(until)]

    def _light(self, path: str) -> Pulses:
        irradiance = units.as_quantity(self.irradiance, "mW/mm**2", "irradiance")
        if units.number(irradiance, "mW/mm**2", "irradiance") < 0:
            raise RangeError(f"Irradiance is not negative; got {self.irradiance}. Give 0 mW/mm² or more.")
        return Pulses(path, irradiance, self.starts, self.duration)


@dataclass(frozen=True)
class ChR2(AbstractOptogenetics):
    """Channelrhodopsin-2 in every compartment with a membrane, and blue light: inward current."""

    label: ClassVar[str] = "ChR2"
    expressed: ClassVar[tuple[type[Mechanism], ...]] = (mechanisms.ChR2,)
    needs: ClassVar[str] = "responsiveness"


@dataclass(frozen=True)
class OptoGq(AbstractOptogenetics):
    """A light-driven Gq receptor in every compartment with IP3, and light: more IP3. Its kinetics are assumed."""

    label: ClassVar[str] = "opto-Gq"
    expressed: ClassVar[tuple[type[Mechanism], ...]] = (mechanisms.OptoGq,)
    needs: ClassVar[str] = "ip3"
