"""The kernels that move synapses between spikes: `sweep` for those that events move too, `follow` for the others."""

from __future__ import annotations

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
        targets.append(("{" + self.last_row(level) + "}" + at, trace.name("now"), 2))
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
        values |= self._stepped(stepped, h)
        targets = [("{" + self.state_row(k) + f"}}[{self.index[level]}]", v, 2) for k, v in values.items()]
        name = "_".join((f"follow_{self.name}", level, *roles))
        return self._over(level, name, targets, "States that follow their partners.", "elapsed")

    def _stepped(self, keys: list[str], h: Node) -> dict[str, Node]:
        """One step of the projection's method for states without a closed form."""
        plan, method = self.plan, self.plan.projection.method
        y = {k: plan.leaves[k] for k in keys}
        h = h / method.substeps
        for _ in range(method.substeps):
            slopes: list[dict[str, Node]] = []
            for _, weights in method.stages:
                stage = {
                    plan.leaves[k]: y[k]
                    + h * sum((s[k] * w for s, w in zip(slopes, weights, strict=True) if w), start=number(0.0))
                    for k in keys
                }
                slopes.append({k: trace.substitute(plan.mean_rates[k], stage) for k in keys})
            y = {
                k: y[k] + h * sum((s[k] * w for s, w in zip(slopes, method.weights, strict=True)), start=number(0.0))
                for k in keys
            }
        return y

    def all_swept(self) -> list[str]:
        """Levels that some partner's steps move along."""
        return [lv for lv in self.levels if any(lv in self.swept(role) for role in self.plan.projection.roles)]
