"""The kernels that move synapses between spikes: `sweep` for those that events move too, `follow` for the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.trace import Node, number
from tripartite.network.kernels.answers import AnswerWriter
from tripartite.network.kernels.function import Function


class BetweenWriter(AnswerWriter):
    """Loops over all synapses, pairs or cells of a level, at the steps of the partners that they read."""

    def swept(self, role: str) -> list[str]:
        """Levels whose states follow the steps of the cells in a role."""
        plan = self.plan
        found = []
        for level in self.levels:
            if any(role in plan.clocked_by(k) for k in self.lazy(level)):
                found.append(level)
        return found

    def sweep(self, level: str) -> Function:
        """The kernel that moves all synapses of a level to the end of the step."""
        at = f"[{self.index[level]}]"
        targets = [("{" + self.state_row(k) + "}" + at, self._moved[k], 2) for k in self.lazy(level)]
        targets += self.looked(level, 2)
        return self._over(level, f"sweep_{self.name}_{level}", targets, "Moves synapses along to the end of a step.")

    def followers(self) -> dict[tuple[str, tuple[str, ...]], list[str]]:
        """States that follow their partners, by the level where they live and the roles whose steps move them."""
        found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for key, roles in self.plan.clock.items():
            found.setdefault((self.plan.level[key], roles), []).append(key)
        return found

    def follow(self, level: str, roles: tuple[str, ...]) -> Function:
        """The kernel of states that follow their partners: over one step of those that step most often."""
        plan = self.plan
        keys = self.followers()[level, roles]
        h = trace.name("elapsed")
        values: dict[str, Node] = {}
        for key in keys:
            if key in plan.steady_courses:
                values[key] = courses.value(plan.steady_courses[key], h)
        stepped = [k for k in keys if k in plan.numerical]
        values |= self._by_method(stepped, h, plan.mean_rates, lambda _, y: {plan.leaves[k]: v for k, v in y.items()})
        targets = [("{" + self.state_row(k) + f"}}[{self.index[level]}]", v, 2) for k, v in values.items()]
        name = "_".join((f"follow_{self.name}", level, *roles))
        return self._over(level, name, targets, "States that follow their partners.", "elapsed")

    def _by_method(
        self,
        keys: list[str],
        h: Node,
        rates: Mapping[str, Node],
        known: Callable[[Node, dict[str, Node]], Mapping[Node, Node]],
    ) -> dict[str, Node]:
        """One step of the projection's method; ``known``: what leaves stand for at a time, given those stepped."""
        plan, method = self.plan, self.plan.projection.method
        y, part = {key: plan.leaves[key] for key in keys}, h / method.substeps
        for substep in range(method.substeps if keys else 0):
            slopes: list[dict[str, Node]] = []
            for fraction, weights in method.stages:
                stage = {k: y[k] + part * _combined(weights, [s[k] for s in slopes]) for k in keys}
                leaves = known(part * (substep + fraction), stage)
                slopes.append({k: trace.substitute(rates[k], leaves) for k in keys})
            y = {k: y[k] + part * _combined(method.weights, [s[k] for s in slopes]) for k in keys}
        return y

    def all_swept(self) -> list[str]:
        """Levels that some partner's steps move along."""
        return [lv for lv in self.levels if any(lv in self.swept(role) for role in self.plan.projection.roles)]


def _combined(weights: Sequence[float], slopes: Sequence[Node]) -> Node:
    return sum((s * w for s, w in zip(slopes, weights, strict=True) if w), start=number(0.0))
