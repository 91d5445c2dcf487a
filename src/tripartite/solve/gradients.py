"""Derivatives of any scalar of a result by any parameter, start or driven input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tripartite import arguments, memory, units
from tripartite.errors import SolveError, said
from tripartite.interpret.kernels import Backward, backward
from tripartite.language.compartment import Compartment
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model, as_model
from tripartite.language.paths import resolve
from tripartite.language.protocol import Nothing, Protocol, warn_unreached
from tripartite.language.system import System
from tripartite.solve import explicit
from tripartite.solve.adjoint import walk_back
from tripartite.solve.records import TAPE_FULL
from tripartite.solve.simulation import Job
from tripartite.solve.solvers import Solver, Tsit5


class Traces(Mapping[str, Any]):
    """What a loss sees: variables over time as JAX arrays ``(time,)`` in their units, by path.

    ``traces["astrocyte.ca"]``, or any unambiguous end of the name; ``traces.time`` in seconds.
    """

    def __init__(self, time: Any, values: dict[str, Any]):
        self.time = time
        self._values = values

    def __getitem__(self, path: str) -> Any:
        return self._values[resolve(path, self._values, "The loss is given no")]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def gradient(
    loss: Callable[[Traces], Any],
    model: Model | Compartment | Mechanism,
    protocol: Protocol | None = None,
    *,
    until: Any,
    by: Sequence[str],
    solver: Tsit5 | None = None,
    save_every: Any = None,
    save_at: Any = None,
    seed: int = 0,
) -> tuple[float, dict[str, Any]]:
    """Value of ``loss`` and its derivative by each path in ``by``.

    ``loss(traces)`` returns a scalar, written with `jax.numpy` over `Traces`. The derivative is the exact
    one of the numerical solution (its step lengths held), through spikes, jumps and the shift of
    threshold crossings and of conditions at which rates jump; the time of an emission is not itself
    a trace. Keep ``loss`` one function object over many calls: it is compiled once.

    **Returns** the value, and by path a quantity in the unit of one over the parameter's.
    **Raises** `SolveError` when the run fails.
    """
    if isinstance(seed, Iterable) and not isinstance(seed, str):
        raise SolveError(
            f"A gradient follows one course; got seed={said(seed)}. Call it for each seed and average values "
            "and gradients."
        )
    seed = arguments.seed(seed)
    arguments.function(loss, "loss", 'lambda traces: traces["ca"][-1]')
    chosen, given = arguments.texts(by, "by", 'by=["astrocyte.uptake"]'), Nothing() if protocol is None else protocol
    solver = Tsit5() if solver is None else solver
    job = Job(as_model(model), given, until, solver, save_every, save_at, None, seed)
    assert len(job.y) == 1
    warn_unreached(protocol, job.until)
    if not isinstance(job.solver, Tsit5):
        raise SolveError(
            f"Gradients follow the steps of `Tsit5`; got {said(job.solver)}. Leave `solver` out, or give one."
        )
    if job.system.chances:
        raise SolveError(
            f"Gradients need a course that parameters move smoothly; events draw random numbers "
            f"(`{job.system.chances[0].key}`). Use the mean-field form of the mechanism."
        )
    if job.system.delays:
        raise SolveError(
            "Gradients follow what happens at an instant; with events that a wire brings later, to "
            f"`{job.system.delays[0].target}`, they would have to follow the shift of what sent them. Leave the delay "
            "out, or take differences of runs."
        )
    entries = {e.key: e for e in (*job.system.constants, *job.system.states)}
    keys = {path: job.model.resolve(path, entries, "parameter, start or driven input") for path in chosen}
    states, tape, planned = _taped(job)
    value, by_states, by_constants = _loss(loss, job, states)
    slopes = _walk_back(job, tape, planned, by_states, by_constants)
    found = {}
    for path, key in keys.items():
        unit = entries[key].unit
        found[path] = slopes[key] * units.factor(unit) / units.unit(unit)
    return value, found


def _taped(job: Job) -> tuple[np.ndarray, Any, Any]:
    """Run a job with a tape long enough to hold every step."""
    solver: Solver = job.solver
    assert isinstance(solver, Tsit5)
    room = job.system.made.get("room on the tape", 1024)
    while True:
        memory.check(
            room * 8.0 * (7 + 8 * len(job.system.states)),
            f"a gradient over {room:,} steps",
            "Shorten the run, or raise `rtol` and `atol` of the solver.",
            SolveError,
        )
        job.walk = job.begin()
        tape = explicit.empty_tape(room, len(job.system.states))
        states = np.full((len(job.system.states), 1, len(job.save)), np.nan)
        planned = explicit.planned(job, job.save)
        goal = (job.until, solver.rtol, solver.atol, solver.max_steps)
        explicit.run(job, planned, states, goal, [[]], tape=tape)
        if job.walk.status[0] != TAPE_FULL:
            break
        room *= 4
    job.system.made["room on the tape"] = room
    if job.walk.status[0]:
        raise SolveError(
            f"A gradient needs a run that reaches its end; this one stopped at {job.walk.t[0] / 1000:.6g} s. "
            "Run `simulate` for the reason."
        )
    return states, tape, planned


def _loss(loss: Callable, job: Job, states: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Value of the loss, its slope by saved states ``(state, time)`` and by base constants."""
    compiled = _kept_loss(loss, job.system)
    changing = job.schedules[0].constants_over(job.base[0], job.save)
    constants = {str(i): v for i, v in changing.items()}
    import jax

    try:
        value, slopes = compiled(states[:, 0], job.base[0], constants, job.save / 1000)
    except jax.errors.JAXTypeError as reason:
        raise SolveError(
            "A loss is followed before it has numbers, so that `float`, `if`, `max` and NumPy cannot be used on what "
            f"it is given; got {said(loss)}, which does ({str(reason).splitlines()[0]}). Return what `jax.numpy` makes "
            'of it, as in `lambda traces: traces["ca"][-1]`.'
        ) from reason
    by_constants = np.array(slopes[1])
    for position, share in job.schedules[0].shares_over(job.save).items():
        by_constants[position] += float(np.asarray(slopes[2][str(position)]) @ share)
    return float(value), np.asarray(slopes[0]), by_constants


def _kept_loss(loss: Callable, system: System) -> Callable:
    """The compiled loss, made once for every function that can be told from others."""
    known = system.once("losses", dict)
    try:
        if loss not in known:
            known[loss] = _compiled_loss(loss, system)
        return known[loss]
    except TypeError:  # unhashable
        return _compiled_loss(loss, system)


def _compiled_loss(loss: Callable, system: System) -> Callable:
    import jax

    from tripartite.interpret import arrays  # noqa: F401  (float64, and functions of JAX arrays)

    def of(states: Any, base: Any, changing: dict[str, Any], time: Any) -> Any:
        constants = [changing.get(str(i), base[i]) for i in range(len(system.constants))]
        values = system.values(states, constants)
        shown = {e.key: values[e.key] / units.factor(e.unit) for e in (*system.states, *system.outputs)}
        found = loss(Traces(time, shown))
        if not isinstance(found, jax.Array | float | int) or jax.numpy.ndim(found):
            raise SolveError(
                f"A loss returns one number, made of traces by `jax.numpy`; got {said(found)}. Write for instance "
                '`lambda traces: jnp.mean(traces["ca"])`.'
            )
        return jax.numpy.asarray(found, dtype=float)

    return jax.jit(jax.value_and_grad(of, argnums=(0, 1, 2)))


def _walk_back(job: Job, tape: Any, planned: Any, by_states: np.ndarray, by_constants: np.ndarray) -> dict[str, float]:
    system = job.system
    slope = np.zeros(len(system.states))
    c = job.walk.c[0].copy()
    cbar, base_bar = np.zeros(len(c)), by_constants.copy()
    crossings = job.walk.before.shape[1]
    weights = np.ascontiguousarray(by_states)
    walk_back(
        explicit.held(system), _derivatives(system), tape, planned.save, weights, job.walk.y[0], c, slope, cbar,
        base_bar, crossings,
    )  # fmt: skip
    found = {entry.key: slope[i] for i, entry in enumerate(system.states)}
    return found | {entry.key: cbar[i] + base_bar[i] for i, entry in enumerate(system.constants)}


def _derivatives(system: System) -> Backward:
    return system.once("held backward kernels", lambda: backward(system, holds=True))
