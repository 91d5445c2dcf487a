"""The search for the least squares of a problem, from many starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tripartite.fit.problem import EDGE, Problem

_STEP = 3e-5  # of the unit cube; derivatives of runs with rtol 1e-9 are then good to about 1e-4
RUNS_AT_ONCE = 1024
_BETTER = 1e-6  # share of the squares by which a move must lower them

End = tuple[float, dict[str, float]]


def search(
    problem: Problem,
    points: Sequence[np.ndarray],
    screened: int,
    starts: int,
    seed: int,
    trials: int,
    done: Callable[[], None] = lambda: None,
) -> list[End]:
    """Where descents from ``points`` and from the best ``starts`` of ``screened`` scattered ones end, the least first.

    An end is a sum of squares and the values there.
    """
    scattered = problem.scatter(screened, seed)
    squares = []
    for block in np.array_split(scattered, int(np.ceil(screened / RUNS_AT_ONCE))):
        squares.append(np.sum(problem.residuals(block) ** 2, axis=1))
        done()
    found = []
    for start in [*points, *scattered[np.argsort(np.concatenate(squares), kind="stable")[:starts]]]:
        found.append(_settled(problem, start, trials))
        done()
    return [(end, problem.values(z)) for end, z in sorted(found, key=lambda pair: pair[0])]


def residuals_and_jacobian(
    problem: Problem, z: np.ndarray, moving: Sequence[int] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Residuals ``(point,)`` and their derivative ``(point, quantity)`` over the unit cube, by differences."""
    columns = range(len(z)) if moving is None else moving
    steps = np.where(z + _STEP <= 1, _STEP, -_STEP)[list(columns)]
    here, *moved = problem.residuals(np.concatenate([z[None], z + np.eye(len(z))[list(columns)] * steps[:, None]]))
    return here, ((np.array(moved) - here) / steps[:, None]).T


def slope(problem: Problem, z: np.ndarray, index: int) -> np.ndarray:
    """Derivative of all values over one coordinate of the unit cube."""
    up, down = z.copy(), z.copy()
    up[index], down[index] = min(z[index] + _STEP, 1), max(z[index] - _STEP, 0)
    high, low = problem.values(up), problem.values(down)
    return np.array([(high[n] - low[n]) / (up[index] - down[index]) for n in problem.free])


def _settled(problem: Problem, start: np.ndarray, trials: int) -> tuple[float, np.ndarray]:
    """The end of a descent, also where a derivative is no guide.

    Squares jump where an event of the protocol passes a frame, and a descent stops there. So what the protocol takes is
    then held while the rest descends, and moved by a frame to either side for as long as that makes the fit better.
    """
    best = _descended(problem, start, trials, range(len(start)))
    timed = problem.timed()
    if not timed:
        return best
    rest = [column for column, name in enumerate(problem.free) if name not in timed]
    best = min(best, _descended(problem, best[1], trials, rest), key=lambda end: end[0])
    settled = best[0]
    for name, frame in timed.items():
        for step in (-frame, frame) if frame else ():
            while (there := _moved(problem, best[1], name, step)) is not None:
                found = _descended(problem, there, trials, rest)
                if found[0] >= (1 - _BETTER) * best[0]:
                    break
                best = found
    if best[0] < settled:
        best = min(best, _descended(problem, best[1], trials, range(len(start))), key=lambda end: end[0])
    return best


def _moved(problem: Problem, z: np.ndarray, name: str, step: float) -> np.ndarray | None:
    """The point where one value differs by ``step``; None beyond its bounds."""
    values = problem.values(z)
    low, high = problem.bounds(name)
    there = values[name] + step
    return problem.coordinates({**values, name: there}) if low <= there <= high else None


def _descended(problem: Problem, z: np.ndarray, trials: int, moving: Sequence[int]) -> tuple[float, np.ndarray]:
    """Sum of squares and point at the end of a descent along the columns that are ``moving``."""
    from scipy.optimize import least_squares

    columns, whole = list(moving), np.clip(z, EDGE, 1 - EDGE)
    if not columns:
        return float(np.sum(problem.residuals(whole) ** 2)), whole
    known: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

    def both(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # Residuals and derivatives come from one ensemble, for hardly more than the residuals alone.
        if x.tobytes() not in known:
            known.clear()
            there = whole.copy()
            there[columns] = x
            known[x.tobytes()] = residuals_and_jacobian(problem, there, columns)
        return known[x.tobytes()]

    found = least_squares(
        lambda x: both(x)[0],
        whole[columns],
        lambda x: both(x)[1],  # type: ignore[arg-type]
        (0, 1),
        ftol=1e-6,
        xtol=1e-5,
        gtol=1e-10,
        max_nfev=trials,
    )
    whole[columns] = found.x
    return 2 * float(found.cost), whole
