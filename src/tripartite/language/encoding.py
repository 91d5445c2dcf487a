"""Models, protocols and solvers as plain data that JSON can hold, and back: what provenance stores."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np

from tripartite import arguments, units
from tripartite.errors import ResultError, TripartiteError, said
from tripartite.language.compartment import Compartment, Port, Wire
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model
from tripartite.language.registry import known, path_of
from tripartite.language.wiring import Laid

T = TypeVar("T")


def encode(item: Any) -> Any:
    """``item`` as dictionaries, lists, text and numbers."""
    if item is None or isinstance(item, bool | int | float | str):
        return item
    if isinstance(item, units.registry.Unit):
        return {"quantity": 1.0, "unit": f"{item}"}
    carried = arguments.unit_of(item)
    if carried is not None:  # a quantity, or a labelled array
        plain = np.asarray(getattr(item, "magnitude", item))
        return {"quantity": _listed(plain), "unit": f"{carried}"}
    if isinstance(item, np.ndarray | np.generic):
        return _listed(item)
    if isinstance(item, dict):
        return {"mapping": [[encode(k), encode(v)] for k, v in item.items()]}
    if isinstance(item, list | tuple | range | set | frozenset):
        return [encode(x) for x in item]
    if dataclasses.is_dataclass(item):
        fields = {f.name: encode(getattr(item, f.name)) for f in dataclasses.fields(item) if f.init}
        return {"object": path_of(type(item)), "fields": fields}
    raise ResultError(
        f"Provenance stores quantities, numbers, text and dataclasses; got {said(item)}. Make its class a dataclass."
    )


def _listed(numbers: np.ndarray | np.generic) -> Any:
    """Numbers as lists of those that JSON knows; it knows none of 80 bits."""
    return (numbers.astype(float) if numbers.dtype.kind == "f" else numbers).tolist()


def decode(data: Any, kind: type[T] | tuple[type[T], ...] | Any = object, classes: Iterable[type] = ()) -> Any:
    """The item that `encode` wrote, an object of ``kind``.

    Objects are made of classes of the package and of ``classes``; a file that names another is refused with
    `ResultError`, and nothing that it names is imported.
    """
    with readable():
        found = _decoded(data, known(classes))
        if not isinstance(found, kind):
            raise TypeError(f"{said(found)} in place of another object")
        return found


def _decoded(data: Any, classes: Mapping[str, type]) -> Any:
    if isinstance(data, list):
        return tuple(_decoded(x, classes) for x in data)
    if not isinstance(data, dict):
        return data
    if "quantity" in data:
        return _quantity(data["quantity"], data["unit"])
    if "mapping" in data:
        return {_decoded(k, classes): _decoded(v, classes) for k, v in data["mapping"]}
    fields = {name: _decoded(value, classes) for name, value in data["fields"].items()}
    return _class(data["object"], classes, object)(**fields)


def _quantity(value: Any, unit: str) -> Any:
    number = np.array(value, dtype=float) if isinstance(value, list) else value
    if isinstance(number, bool) or not isinstance(number, int | float | np.ndarray):
        raise TypeError(f"{said(value)} is no number")
    return number * units.unit(unit)


def encode_model(model: Model) -> dict:
    """Compartments, wiring and every value with unit, meaning and source."""
    compartments = {name: [_encode_mechanism(m) for m in c.mechanisms] for name, c in model.compartments.items()}
    return {"compartments": compartments, "wiring": [_encode_wire(wire) for wire in model.wiring]}


def _encode_wire(wire: Laid) -> list:
    late = [{"quantity": wire.delay, "unit": "ms"}] if wire.delay else []
    return [list(wire.source), list(wire.target), *late]


def decode_model(data: Any, classes: Iterable[type] = ()) -> Model:
    """The model that `encode_model` wrote; mechanisms are of the package or of ``classes``, as in `decode`."""
    with readable():
        found = known(classes)
        compartments = {
            arguments.identifier(name, "compartment"): Compartment(*(_decode_mechanism(m, found) for m in mechanisms))
            for name, mechanisms in data["compartments"].items()
        }
        wiring = [
            Wire(_port(compartments, source), _port(compartments, target), delay=decode(late[0]) if late else None)
            for source, target, *late in data["wiring"]
        ]
        return Model(**compartments, wiring=wiring)


def _port(compartments: dict[str, Compartment], place: Any) -> Port:
    compartment, name = place
    found = getattr(compartments[compartment], arguments.identifier(name, "wired quantity"))
    return arguments.instance(found, Port, "wired quantity", "astrocyte.ca")


@contextmanager
def readable() -> Iterator[None]:
    """What stored data lack or hold in the wrong place becomes one sentence."""
    try:
        yield
    except TripartiteError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError) as reason:
        raise ResultError(
            "Stored data say how a run was made, as `Result.save` wrote it; these were changed or are damaged "
            f"({type(reason).__name__}: {str(reason)[:200]}). Use an unchanged file, or make the run anew."
        ) from None


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
    return {"mechanism": path_of(type(mechanism)), "values": values}


def _decode_mechanism(data: Any, classes: Mapping[str, type]) -> Mechanism:
    mechanism: Mechanism = _class(data["mechanism"], classes, Mechanism)()
    for name, stored in data["values"].items():
        quantity = _quantity(stored["value"], stored["unit"])
        mechanism = mechanism.replace(source=arguments.text(stored["source"], "source"), **{name: quantity})
    return mechanism


def _class(path: Any, classes: Mapping[str, type], kind: type) -> Any:
    found = classes.get(path) if isinstance(path, str) else None
    if found is None or not issubclass(found, kind):
        name = str(path).rpartition(":")[2].rpartition(".")[2]
        raise ResultError(
            "Stored data are made of classes of the package, or of those that you name; got "
            f"{said(str(path)[:200])}. If "
            f"it is your own and you trust the file, import the class and pass it: `classes=[{name}]`."
        )
    return found
