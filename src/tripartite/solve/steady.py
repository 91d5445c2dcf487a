"""Fixed points of a model, and how it behaves near them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.language.compartment import Compartment
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model, as_model
from tripartite.language.protocol import Protocol
from tripartite.solve.flow import Flow

if TYPE_CHECKING:
    import xarray as xr

_MOST_STARTS = 1_000_000
_CLOSE = 1e-12  # largest last Newton step, in units of `Flow.size`
_FLOOR = 1e-8  # the same where rounding stops the descent, as near a fold
_SAME = 1e-6  # fixed points closer than this are one
_NEUTRAL = 1e-9  # real part of an eigenvalue that counts as zero, in parts of the largest eigenvalue


def steady_states(
    model: Model | Compartment | Mechanism,
    protocol: Protocol | None = None,
    *,
    starts: Mapping[str, Any] | None = None,
    count: int = 128,
) -> xr.Dataset:
    """The fixed points of a model under the inputs that hold at 0 s, with their stability.

    Newton's method starts from the model's start, from ``starts`` and from a quasi-random cover of the
    states' declared ranges (two decades around the start where a range is open), so points may be missed:
    raise ``count`` to look closer. Points outside the declared ranges are left out. Between events only:
    states that merely jump at events keep their start.

    **Holds for** isolated points: where they form a line, as with a weight that nothing pulls back or a
    conserved total, Newton's method does not settle and none is returned.

    **Arguments** ``starts``: quantities by path of a state, one number or shape ``(start,)``.
    ``count``: points of the cover.

    **Returns** a dataset over ``point``, in the order of the first state: every state that has a rate;
    ``growth`` (1/s) and ``frequency`` (Hz), real part and imaginary part over 2π of the eigenvalues
    ``(point, mode)``, the fastest growing first; ``stable``; ``kind`` (stable node, stable focus, saddle,
    saddle-focus, unstable node, unstable focus, not hyperbolic; kuznetsov, section 2.2).
    """
    count = arguments.count(count, "count", 0, _MOST_STARTS)
    flow = Flow(as_model(model), protocol)
    points = fixed_points(flow, np.vstack([flow.start, flow.points(starts, "starts")]), count)
    return labelled(flow, np.array(points).reshape(-1, len(flow.start)), [flow.linear(y)[1] for y in points])


def fixed_points(flow: Flow, starts: np.ndarray, count: int, c: np.ndarray | None = None) -> list[np.ndarray]:
    """Distinct fixed points that Newton's method reaches from ``starts`` and ``count`` points of a cover."""
    found = (newton(flow, start, c) for start in (*starts, *_cover(flow, count)))
    kept: list[np.ndarray] = []
    for point in found:
        if point is not None and all(np.linalg.norm((point - other) / flow.size) > _SAME for other in kept):
            kept.append(point)
    return sorted(kept, key=lambda point: float(point[0]))


def newton(flow: Flow, y: np.ndarray, c: np.ndarray | None = None, most: int = 60) -> np.ndarray | None:
    """The fixed point that damped Newton steps from ``y`` lead to, or None.

    A step is shortened until the next one gets smaller (natural monotonicity), and ends at the declared
    bounds of the states.
    """
    y = np.clip(y, flow.low, flow.high)
    rates, by_state, _ = flow.linear(y, c)
    for _ in range(most):
        step = _solve(by_state, -rates)
        if step is None:
            return None
        length = np.linalg.norm(step / flow.size)
        if length <= _CLOSE:
            return np.clip(y + step, flow.low, flow.high)
        fraction = 1.0
        while fraction > 1e-4:
            trial = np.clip(y + fraction * step, flow.low, flow.high)
            new_rates, new_by_state, _ = flow.linear(trial, c)
            after = _solve(by_state, -new_rates)
            if after is not None and np.linalg.norm(after / flow.size) <= (1 - fraction / 4) * length:
                break
            fraction /= 2
        else:
            return y if length <= _FLOOR else None
        y, rates, by_state = trial, new_rates, new_by_state
    return None


def labelled(flow: Flow, y: np.ndarray, jacobians: list[np.ndarray]) -> xr.Dataset:
    """States ``(point, state)`` with the eigenvalues of their Jacobians as a labelled dataset."""
    import xarray as xr

    values = np.array([spectrum(j) for j in jacobians], dtype=complex).reshape(y.shape)
    content: dict[str, Any] = {}
    for position, entry in enumerate(flow.entries):
        labels = {"units": entry.unit, "long_name": entry.declaration.label}
        content[entry.key] = ("point", units.from_internal(y[:, position], entry.unit), labels)
    content["growth"] = (("point", "mode"), 1000 * np.real(values), {"units": "1/s", "long_name": "growth rate"})
    turning = 1000 * np.abs(np.imag(values)) / (2 * np.pi)
    content["frequency"] = (("point", "mode"), turning, {"units": "Hz", "long_name": "frequency of turning"})
    content["stable"] = ("point", np.array([row[0].real < 0 for row in values], dtype=bool))
    content["kind"] = ("point", np.array([kind(row) for row in values], dtype=str))
    return xr.Dataset(content)


def spectrum(jacobian: np.ndarray) -> np.ndarray:
    """Eigenvalues, the fastest growing first."""
    values = np.linalg.eigvals(jacobian)
    return values[np.argsort(-np.real(values), kind="stable")]


def kind(values: np.ndarray) -> str:
    """What a fixed point with these eigenvalues (as `spectrum` sorts them) is called."""
    growth = np.real(values)
    if np.min(np.abs(growth)) <= _NEUTRAL * np.max(np.abs(values)):
        return "not hyperbolic"
    growing, turning = growth > 0, abs(np.imag(values)[0]) > 0
    if growing.any() and not growing.all():
        return "saddle-focus" if turning else "saddle"
    return f"{'unstable' if growing.all() else 'stable'} {'focus' if turning else 'node'}"


def _solve(matrix: np.ndarray, right: np.ndarray) -> np.ndarray | None:
    if not (np.isfinite(matrix).all() and np.isfinite(right).all()):
        return None
    try:
        return np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        return None


def _cover(flow: Flow, count: int) -> np.ndarray:
    """Quasi-random points ``(point, state)`` over the declared ranges, two decades wide where these are open."""
    from scipy.stats import qmc

    u = qmc.Halton(len(flow.start), scramble=False).fast_forward(1).random(count)
    decades = 10 ** (4 * u - 2)
    below, above = np.isfinite(flow.low), np.isfinite(flow.high)
    low, high = np.where(below, flow.low, 0), np.where(above, flow.high, 0)
    around = flow.start + flow.size * np.sinh(np.arcsinh(100) * (2 * u - 1))
    return np.select(
        [below & above, below, above],
        [low + u * (high - low), low + decades * flow.size, high - decades * flow.size],
        around,
    )
