"""Models, protocols and solvers as plain data that JSON can hold, and back: what provenance stores."""

from __future__ import annotations

import dataclasses
import importlib
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import ResultError
from tripartite.language.compartment import Compartment
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model


def encode(item: Any) -> Any:
    """``item`` as dictionaries, lists, text and numbers."""
    if item is None or isinstance(item, bool | int | float | str):
        return item
    if isinstance(item, units.Quantity):
        return {"quantity": np.asarray(item.magnitude).tolist(), "unit": f"{item.units}"}
    if isinstance(item, units.registry.Unit):
        return {"quantity": 1.0, "unit": f"{item}"}
    if isinstance(item, np.ndarray | np.generic):
        return item.tolist()
    if isinstance(item, dict):
        return {"mapping": [[encode(k), encode(v)] for k, v in item.items()]}
    if isinstance(item, list | tuple | range | set | frozenset):
        return [encode(x) for x in item]
    if dataclasses.is_dataclass(item):
        fields = {f.name: encode(getattr(item, f.name)) for f in dataclasses.fields(item) if f.init}
        return {"object": _path(type(item)), "fields": fields}
    raise ResultError(
        f"Provenance stores quantities, numbers, text and dataclasses; got {item!r}. Make its class a dataclass."
    )


def decode(data: Any) -> Any:
    """The item that `encode` wrote."""
    if isinstance(data, list):
        return tuple(decode(x) for x in data)
    if not isinstance(data, dict):
        return data
    if "quantity" in data:
        value = data["quantity"]
        return (np.array(value) if isinstance(value, list) else value) * units.unit(data["unit"])
    if "mapping" in data:
        return {decode(k): decode(v) for k, v in data["mapping"]}
    return _find(data["object"])(**{name: decode(value) for name, value in data["fields"].items()})


def encode_model(model: Model) -> dict:
    """Compartments, wiring and every value with unit, meaning and source."""
    compartments = {name: [_encode_mechanism(m) for m in c.mechanisms] for name, c in model.compartments.items()}
    return {"compartments": compartments, "wiring": [[list(s), list(t)] for s, t in model.wiring]}


def decode_model(data: dict) -> Model:
    """The model that `encode_model` wrote; its mechanism classes must be importable."""
    compartments = {
        name: Compartment(*map(_decode_mechanism, mechanisms)) for name, mechanisms in data["compartments"].items()
    }
    wiring = [getattr(compartments[s[0]], s[1]) >> getattr(compartments[t[0]], t[1]) for s, t in data["wiring"]]
    return Model(**compartments, wiring=wiring)


def _encode_mechanism(mechanism: Mechanism) -> dict:
    values = {}
    for name, value in mechanism.values.items():
        item = mechanism.declarations[name]
        values[name] = {
            "value": units.from_internal(value, item.unit),
            "unit": item.unit,
            "meaning": item.label,
            "source": mechanism.sources.get(name, "start"),
        }
    return {"mechanism": _path(type(mechanism)), "values": values}


def _decode_mechanism(data: dict) -> Mechanism:
    mechanism = _find(data["mechanism"])()
    for name, stored in data["values"].items():
        quantity = stored["value"] * units.unit(stored["unit"])
        mechanism = mechanism.replace(source=stored["source"], **{name: quantity})
    return mechanism


def _path(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _find(path: str) -> Any:
    module, _, name = path.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for word in name.split("."):
            found = getattr(found, word)
    except (ImportError, AttributeError) as reason:
        raise ResultError(
            f"Stored data name `{path}`, which cannot be imported ({reason}). Make that module importable, "
            "or read the data without running them again."
        ) from None
    return found
