"""Means over time that the solver integrates along, so that they do not depend on which samples are saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from tripartite.language import Input, Mechanism, Model, Result, State


def integrated(model: Model, variables: Iterable[str]) -> tuple[Model, Mapping[str, str]]:
    """The model with the integral over time of each of ``variables`` as a state, and its key by that of the variable.

    **Raises** `UnknownNameError` for what is neither a state nor an output.
    """
    entries = {entry.key: entry for entry in (*model.system.states, *model.system.outputs)}
    found = {}
    for key in dict.fromkeys(model.resolve(path, entries, "variable") for path in variables):
        place, name = key.split(".")
        model = model.add(**{place: _integral(name, entries[key].unit)()})
        found[key] = f"{place}.{_held(name)}"
    return model, found


def mean(run: Result, key: str, integral: str) -> float:
    """Mean of a variable from the first saved time to the last, over members too; its value where there is one time."""
    times = run.time.values
    if len(times) < 2:
        return float(run[key].mean())
    first, last = (run[integral].isel(time=place) for place in (0, -1))
    return float(np.mean(last - first) / (times[-1] - times[0]))


def _held(name: str) -> str:
    return f"integral_of_{name}"


def _integral(name: str, unit: str) -> type[Mechanism]:
    """A mechanism that adds up ``name`` of its compartment."""
    held = _held(name)
    body = {
        "__doc__": f"Integral of `{name}` over time.",
        "__module__": __name__,
        name: Input(unit, f"{name}: what is integrated"),
        held: State(0.0, "s" if unit == "1" else f"{unit}*s", f"integral of {name} over time"),
        "rates": lambda q: {held: getattr(q, name)},
    }
    return type(f"IntegralOf{name.title().replace('_', '')}", (Mechanism,), body)
