"""Runs of every compiled driver; as a program, prints a digest of what those that are named come to."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from functools import partial

import jax.numpy as jnp
import numpy as np

import tripartite as tp
from tests.laws import index, joint
from tests.network.small import ensheathed
from tripartite.units import Hz, ms, s, uM


def _theme(number: int) -> tp.Result:
    """Twenty mechanisms side by side under constant inputs."""
    kinds = joint.themes()[number]
    noisy = any(kind.equation("noise") for kind in kinds)
    drives = {e.key: tp.units.Quantity(index.STARTS.get(e.unit, 0.5), e.unit) for e in joint.system(kinds).drives}
    solver = tp.EulerMaruyama(0.1 * ms) if noisy else tp.Tsit5()
    return tp.simulate(joint.model(kinds), tp.protocols.Constant(drives), until=20 * ms, solver=solver)


def explicit() -> tp.Result:
    """Jumps and exact times between them."""
    return tp.simulate(tp.models.TripartiteSynapse(), tp.protocols.PoissonSpikes(10 * Hz), until=20 * s)


def cell() -> tp.Result:
    """Oscillations, over which the last bit grows."""
    model = tp.models.MitochondrialCell().using(tp.parameters.marhl2000.CELL)
    return tp.simulate(model, until=100 * s, solver=tp.Tsit5(rtol=1e-9, atol=1e-12))


def stiff() -> tp.Result:
    """Implicit steps."""
    protocol = tp.protocols.Constant(ip3=0.5 * uM)
    return tp.simulate(tp.mechanisms.LiRinzel(), protocol, until=20 * s, solver=tp.Kvaerno5())


def slope() -> np.ndarray:
    """The way back over a tape."""
    protocol = tp.protocols.Constant(glutamate=1 * uM)
    by = ["uptake", "d5"]
    value, found = tp.gradient(lambda t: jnp.mean(t["ca"] ** 2), tp.models.GChi(), protocol, until=20 * s, by=by)
    return np.array([value, *(found[path].magnitude for path in by)])


def network() -> tp.Result:
    """Neurons, their synapses and astrocytes."""
    return ensheathed().run(until=100 * ms, seed=2, threads=2)


COURSES: dict[str, Callable[[], tp.Result | np.ndarray]] = {
    **{course.__name__: course for course in (explicit, cell, stiff, slope, network)},
    **{f"theme {number}": partial(_theme, number) for number in range(len(joint.themes()))},
}


def digest(name: str) -> str:
    """What a run comes to, to the last bit."""
    found = COURSES[name]()
    data = {"": found} if isinstance(found, np.ndarray) else {str(k): v.values for k, v in found.data.variables.items()}
    content = hashlib.sha256()
    for key in sorted(data):
        content.update(key.encode() + data[key].tobytes())
    return content.hexdigest()


if __name__ == "__main__":
    for chosen in sys.argv[1:]:
        print(chosen, digest(chosen), sep="\t")
