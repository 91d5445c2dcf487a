"""What the published networks are built from: their parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tripartite import arguments
from tripartite.errors import ArgumentError
from tripartite.language import Model


def parts_of(parts: Mapping[str, Model] | None, default: Callable[[], dict[str, Model]]) -> dict[str, Model]:
    """The models of a network by name: ``default`` ones, or others under the same names."""
    usual = default()
    if parts is None:
        return usual
    given = arguments.mapping(parts, "parts", f'parts={{"{next(iter(usual))}": Model(...)}}')
    for name, model in given.items():
        arguments.known(name, usual, "The network has no part")
        arguments.instance(model, Model, f"parts[{name!r}]", "Model(cell=LiRinzel())")
    missing = [name for name in usual if name not in given]
    if missing:
        raise ArgumentError(
            f"`parts` gives every model of the network; {', '.join(f'`{name}`' for name in missing)} is missing. "
            "Change the parts that the network has by default, and give all of them."
        )
    return given
