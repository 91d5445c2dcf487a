"""What a name that was given in the wrong place is, and what acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tripartite.language.paths import fits

if TYPE_CHECKING:
    from tripartite.language.model import Model

_STATE = (
    '`{0}` is a state. Hold it with `Clamp("{0}", value, at=0 * s)`, or set where it starts with '
    '`model.replace({{"{0}": value}})`.'
)
_PARAMETER = (
    '`{0}` is a parameter. Set it with `model.replace({{"{0}": value}})`, or during a run with '
    '`Steps("{0}", times, values)`.'
)
_INPUT = '`{0}` is an input. Drive it with `Constant({{"{0}": value}})` or `Steps("{0}", times, values)`.'
_OUTPUT = "`{0}` is an output, which follows from other quantities. Change what it follows from."

_WIRED = "`{0}` gets its value by a wire from `{1}`. Act on that, or leave the wire out."


def of(model: Model, path: Any) -> str:
    """What ``path`` names in a model, and what can be done to it, in words; nothing where it names none or several."""
    system = model.system
    kinds = (
        ([entry for entry in system.states if entry.key not in model.clamped], _STATE),
        (system.parameters, _PARAMETER),
        (system.drives, _INPUT),
        (system.outputs, _OUTPUT),
    )
    found = [(entry.key, remedy) for entries, remedy in kinds for entry in entries if fits(path, entry.key)]
    if not found:
        fed = {".".join(wire.target): ".".join(wire.source) for wire in model.wiring}
        ends = [key for key in fed if fits(path, key)]
        return _WIRED.format(ends[0], fed[ends[0]]) if len(ends) == 1 else ""
    return found[0][1].format(found[0][0]) if len(found) == 1 else ""
