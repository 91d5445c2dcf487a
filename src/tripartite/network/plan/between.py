"""What moves synapses between spikes: `sweep` for those that events move too, `follow` for the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.trace import Node, number
from tripartite.network.plan.jobs import Everywhere, Job
from tripartite.network.plan.reading import Reading


def swept(reading: Reading, role: str) -> list[str]:
    """Levels whose states follow the steps of the cells in a role."""
    return [level for level in reading.levels if any(role in reading.plan.clocked_by(k) for k in reading.lazy(level))]


def sweep(reading: Reading, level: str) -> Job:
    """Moves all synapses of a level to the end of the step."""
    changes = [reading.set(key, reading.moved[key]) for key in reading.lazy(level)] + reading.looked(level)
    name = f"sweep_{reading.name}_{level}"
    return Job(name, "Moves synapses along to the end of a step.", Everywhere(level), tuple(changes))


def followers(reading: Reading) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """States that follow their partners, by the level where they live and the roles whose steps move them."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for key, roles in reading.plan.clock.items():
        found.setdefault((reading.plan.level[key], roles), []).append(key)
    return found


def follow(reading: Reading, level: str, roles: tuple[str, ...], keys: Sequence[str]) -> Job:
    """Moves states that follow their partners: over one step of those that step most often."""
    plan, h = reading.plan, trace.name("elapsed")
    values = {key: courses.value(plan.steady_courses[key], h) for key in keys if key in plan.steady_courses}
    stepped = [key for key in keys if key in plan.numerical]
    values |= by_method(
        reading, stepped, h, plan.mean_rates, lambda _, y: {plan.leaves[key]: node for key, node in y.items()}
    )
    changes = tuple(reading.set(key, node) for key, node in values.items())
    name = "_".join((f"follow_{reading.name}", level, *roles))
    return Job(name, "States that follow their partners.", Everywhere(level, ("elapsed",)), changes)


def by_method(
    reading: Reading,
    keys: list[str],
    h: Node,
    rates: Mapping[str, Node],
    known: Callable[[Node, dict[str, Node]], Mapping[Node, Node]],
) -> dict[str, Node]:
    """One step of the projection's method; ``known``: what leaves stand for at a time, given those stepped."""
    plan, method = reading.plan, reading.plan.projection.method
    y, part = {key: plan.leaves[key] for key in keys}, h / method.substeps
    for substep in range(method.substeps if keys else 0):
        slopes: list[dict[str, Node]] = []
        for fraction, weights in method.stages:
            stage = {k: y[k] + part * _combined(weights, [s[k] for s in slopes]) for k in keys}
            leaves = known(part * (substep + fraction), stage)
            slopes.append({k: trace.substitute(rates[k], leaves) for k in keys})
        y = {k: y[k] + part * _combined(method.weights, [s[k] for s in slopes]) for k in keys}
    return y


def _combined(weights: Sequence[float], slopes: Sequence[Node]) -> Node:
    return sum((s * w for s, w in zip(slopes, weights, strict=True) if w), start=number(0.0))
