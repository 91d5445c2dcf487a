"""Small networks of neurons, synapses and astrocytes, step by step and synapse by synapse.

Step n leads from t_n = n dt to t_n+1. A spike found at the end of step m happens at t_m+1 and reaches its synapses
``delay`` steps later, before the step that begins then; postsynaptic spikes come after presynaptic ones of the same
time. Conductances, traces and resources follow their exponentials; membranes take a Heun step in which
conductances have their exact values, calcium a classical Runge-Kutta step. Astrocytes step every ``ratio`` steps;
what others see of them stays the same in between, and they see exact means of glutamate.

Units: ms, mV, nS, pA, pF, µM.

**Sources** stimberg2019, examples 1, 3, 5 and 6; jiang2025; brette_gerstner2005; song2000; fremaux_gerstner2016.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def decay(tau: float, t: Any) -> Any:
    return np.exp(-t / tau)


# Neurons


@dataclass
class Lif:
    """Leaky integrate-and-fire with exponential conductances (stimberg2019, example 1; 100 pA of example 6)."""

    v: Array
    current: float = 100.0
    refractory: float = 5.0
    g_e: Array = field(init=False)
    g_i: Array = field(init=False)
    sic: Array = field(init=False)
    idle: Array = field(init=False)
    """Steps since the last spike."""

    def __post_init__(self) -> None:
        self.v = np.array(self.v, float)
        self.g_e, self.g_i, self.sic = np.zeros((3, len(self.v)))
        self.idle = np.full(len(self.v), 10**6)

    def excite(self, cell: int, amount: float) -> None:
        self.g_e[cell] += amount

    def inhibit(self, cell: int, amount: float) -> None:
        self.g_i[cell] += amount

    def step(self, dt: float) -> NDArray[np.bool_]:
        after = self.g_e * decay(5.0, dt), self.g_i * decay(10.0, dt)
        # A refractory period that ends with a step ends for the next step, not within.
        active = self.idle * dt >= self.refractory

        def slope(v: Array, g_e: Array, g_i: Array) -> Array:
            current = 9.99 * (-60 - v) + self.current + g_e * (0 - v) + g_i * (-80 - v)
            return np.where(active, current / 198.0, 0.0)

        first = slope(self.v, self.g_e, self.g_i)
        second = slope(self.v + dt * first, *after)
        before, self.v = self.v, self.v + dt * (first + second) / 2
        self.g_e, self.g_i = after
        fired = (before <= -50) & (self.v > -50)
        self.v[fired] = -60
        self.idle = np.where(fired, 0, self.idle + 1)
        return fired


@dataclass
class Adex:
    """Adaptive exponential neuron with alpha conductances (jiang2025: tau_e 2 ms, tau_i 4 ms, reset -60 mV)."""

    v: Array
    current: float = 0.0
    sic_weight: float = 0.05
    w: Array = field(init=False)
    g_e: Array = field(init=False)
    g_i: Array = field(init=False)
    sic: Array = field(init=False)

    def __post_init__(self) -> None:
        self.v = np.array(self.v, float)
        self.w, self.sic = np.zeros((2, len(self.v)))
        self.g_e, self.g_i = np.zeros((2, 2, len(self.v)))  # conductance, and what is on its way

    def excite(self, cell: int, amount: float) -> None:
        self.g_e[1, cell] += np.e * amount

    def inhibit(self, cell: int, amount: float) -> None:
        self.g_i[1, cell] += np.e * amount

    def step(self, dt: float) -> NDArray[np.bool_]:
        def later(g: Array, tau: float) -> Array:
            return np.array([g[0] + g[1] * dt / tau, g[1]]) * decay(tau, dt)

        after = later(self.g_e, 2.0), later(self.g_i, 4.0)

        def slope(v: Array, w: Array, g_e: Array, g_i: Array) -> tuple[Array, Array]:
            u = np.minimum(v, 0.0)
            upstroke = 30 * 2 * np.exp(np.minimum((u + 50.4) / 2, 15.0))
            current = -30 * (u + 70.6) + upstroke - w + self.current + self.sic_weight * self.sic
            current = current + g_e * (0 - v) + g_i * (-85 - v)
            return current / 281.0, (4 * (u + 70.6) - w) / 144.0

        dv, dw = slope(self.v, self.w, self.g_e[0], self.g_i[0])
        dv2, dw2 = slope(self.v + dt * dv, self.w + dt * dw, after[0][0], after[1][0])
        before, self.v = self.v, self.v + dt * (dv + dv2) / 2
        self.w = self.w + dt * (dw + dw2) / 2
        self.g_e, self.g_i = after
        fired = (before <= 0) & (self.v > 0)
        self.v[fired] = -60
        self.w[fired] += 80.5
        return fired


# Synapses


@dataclass
class Synapse:
    """One synapse: ends in cells, delay in steps, the astrocyte around it (-1: none)."""

    pre: int
    post: int
    delay: int = 0
    mate: int = -1
    weight: float = 1.0
    inhibitory: bool = False

    def spike(self) -> tuple[float, float]:
        """The conductance opened and the fraction released by a presynaptic spike."""
        return self.weight, 1.0

    def postspike(self) -> None:
        pass

    def advance(self, dt: float) -> None:
        pass


@dataclass
class Facilitating(Synapse):
    """Tsodyks-Markram synapse with presynaptic receptors and glutamate in its cleft (stimberg2019, example 3)."""

    u: float = 0.0
    x: float = 1.0
    bound: float = 0.0
    glutamate: float = 0.0
    u0: float = 0.6

    def spike(self) -> tuple[float, float]:
        self.u += self.u0 * (1 - self.bound) * (1 - self.u)
        released = self.u * self.x
        self.x -= released
        self.glutamate += 0.005 * 500e3 * released
        return self.weight * released, released

    @staticmethod
    def moved(u: Any, x: Any, t: Any) -> tuple[Any, Any]:
        return u * np.exp(-3.33e-3 * t), 1 - (1 - x) * np.exp(-2e-3 * t)

    def advance(self, dt: float) -> None:
        self.u, self.x = self.moved(self.u, self.x, dt)
        self.glutamate *= np.exp(-0.04 * dt)

    def glutamate_integral(self, dt: float) -> float:
        """Integral of glutamate over the coming ``dt`` (µM ms)."""
        return self.glutamate * (1 - np.exp(-0.04 * dt)) / 0.04

    def bind(self, gliotransmitter: float, width: float) -> None:
        """Receptors over a step of the astrocyte at its mean gliotransmitter."""
        on, off = 1.5e-3 * gliotransmitter, 0.5 / 60e3
        steady = on / (on + off)
        self.bound = steady + (self.bound - steady) * np.exp(-(on + off) * width)


@dataclass
class Depressing(Synapse):
    """Depressing synapse with active and inactive resources (jiang2025)."""

    x: float = 1.0
    y: float = 0.0
    u0: float = 0.5
    tau_rec: float = 800.0
    tau_psc: float = 2.0

    def spike(self) -> tuple[float, float]:
        released = self.u0 * self.x
        self.x -= released
        self.y += released
        return self.weight * released, released

    def moved(self, x: Any, y: Any, t: Any) -> tuple[Any, Any]:
        # Inactive resources z = 1 - x - y fill from y and empty into x.
        slow, fast = decay(self.tau_rec, t), decay(self.tau_psc, t)
        z = (1 - x - y) * slow + y * self.tau_rec / (self.tau_rec - self.tau_psc) * (slow - fast)
        return 1 - y * fast - z, y * fast

    def advance(self, dt: float) -> None:
        self.x, self.y = self.moved(self.x, self.y, dt)


@dataclass
class Plastic(Synapse):
    """Pair STDP; ``kind`` says what becomes of a change: "eligibility", "postspike" (gated there) or "gated"."""

    strength: float = 1.0
    kind: str = "eligibility"
    before: float = 0.0
    after: float = 0.0
    eligibility: float = 0.0
    relative: float = 1.0
    gate: float = 0.0

    def change(self, amount: float) -> None:
        if self.kind == "eligibility":
            self.eligibility += amount
        else:
            self.relative += amount * (self.gate if self.kind == "gated" else 1.0)

    def spike(self) -> tuple[float, float]:
        opened = self.strength * self.relative
        self.change(-0.00525 * self.after)
        self.before += 1
        return opened, 1.0

    def postspike(self) -> None:
        salience = self.gate if self.kind == "postspike" else 1.0
        self.change(0.005 * self.before * salience)
        self.after += salience

    def advance(self, dt: float) -> None:
        self.before *= decay(20.0, dt)
        self.after *= decay(20.0, dt)
        left = self.eligibility * decay(1000.0, dt)
        self.relative += self.gate * (self.eligibility - left)
        self.eligibility = left


# Astrocytes


def hill(x: Any, k: Any, n: float = 1) -> Any:
    return x**n / (x**n + k**n)


def li_rinzel(ca: Any, h: Any, ip3: Any, p: dict[str, float]) -> tuple[Any, Any]:
    """Rates (1/ms) of calcium and h."""
    gradient = 2.0 - (1 + p["er_ratio"]) * ca
    opened = (ip3 / (ip3 + 0.13) * ca / (ca + p["d5"]) * h) ** 3
    q2 = p["d2"] * (ip3 + 0.13) / (ip3 + 0.9434)
    dca = (6e-3 * opened + p["leak"]) * gradient - 0.9e-3 * hill(ca, p["k_serca"], 2)
    return dca, 0.2e-3 * (q2 - (q2 + ca) * h)


STIMBERG = {"leak": 0.1e-3, "er_ratio": 0.18, "d2": 1.05, "d5": 0.08, "k_serca": 0.05}
JIANG = {"leak": 0.11e-3, "er_ratio": 0.185, "d2": 1.049, "d5": 0.08234, "k_serca": 0.1}


def runge_kutta(rates: Any, y: Array, width: float) -> Array:
    k1 = rates(y)
    k2 = rates(y + width / 2 * k1)
    k3 = rates(y + width / 2 * k2)
    k4 = rates(y + width * k3)
    return y + width * (k1 + 2 * k2 + 2 * k3 + k4) / 6


def heun(rates: Any, y: Array, width: float) -> Array:
    first = rates(y)
    return y + width * (first + rates(y + width * first)) / 2


def slow_inward(ca: Any) -> Any:
    """Current (pA) per synapse in each neuron (jiang2025)."""
    return np.log(np.maximum((ca - 0.19669) / 1e-3, 1.0))


@dataclass
class Gliotransmitting:
    """Astrocytes of stimberg2019, example 6, with the slow inward current of jiang2025."""

    start: Array
    """Calcium, h, IP3 and active receptors: (4, astrocyte)."""
    neighbours: list[tuple[int, int]] = field(default_factory=list)
    production: float = 0.5e-3

    def __post_init__(self) -> None:
        self.y = np.array(self.start, float)
        n = self.y.shape[1]
        self.resources, self.outside, self.mean_outside = np.ones(n), np.zeros(n), np.zeros(n)

    def release(self, cell: int, amount: float, remaining: float) -> None:
        pass

    def rates(self, y: Array, glutamate: Array, flux: Array) -> Array:
        ca, h, ip3, active = y
        dca, dh = li_rinzel(ca, h, ip3, STIMBERG)
        made = 1.2e-3 / (1 + ip3 / 1.5) * hill(ca, 0.1, 2) + self.production * active + flux
        lost = 4.5e-3 * hill(ca, 0.7, 4) * hill(ip3, 1.0) + 0.05e-3 * ip3
        ended = 0.5e-3 * (1 + 10 * hill(ca, 0.5)) * active
        return np.array([dca, dh, made - lost, 0.3e-3 * glutamate * (1 - active) - ended])

    def step(self, width: float, glutamate: Array) -> None:
        flux = np.zeros(len(self.outside))
        for i, j in self.neighbours:
            for here, there in ((i, j), (j, i)):
                difference = self.y[2, here] - self.y[2, there]
                flux[here] -= np.sign(difference) * 0.09e-3 / 2 * (1 + np.tanh((abs(difference) - 0.3) / 0.05))
        before = self.y[0]
        self.y = runge_kutta(lambda y: self.rates(y, glutamate, flux), self.y, width)
        left = np.exp(-0.06 * width)
        self.mean_outside = self.outside * (1 - left) / (0.06 * width)
        self.outside = self.outside * left
        self.resources = 1 - (1 - self.resources) * np.exp(-0.6e-3 * width)
        fired = (before <= 0.5) & (self.y[0] > 0.5)
        released = np.where(fired, 0.6 * self.resources, 0.0)
        self.resources = self.resources - released
        self.outside = self.outside + 6.5e-4 * 200e3 * released
        self.fired = fired

    @property
    def sic(self) -> Array:
        return slow_inward(self.y[0])


@dataclass
class Relaxing:
    """Astrocytes of jiang2025: IP3 relaxes and jumps with every release."""

    start: Array
    """Calcium, h and IP3: (3, astrocyte)."""
    jump: float = 2e-4
    gate: Array = field(init=False)

    def __post_init__(self) -> None:
        self.y = np.array(self.start[:2], float)
        self.ip3 = np.array(self.start[2], float)
        self.late, self.area, self.gate = np.zeros((3, len(self.ip3)))

    def release(self, cell: int, amount: float, remaining: float) -> None:
        self.late[cell] += self.jump * amount * decay(7142.0, remaining)
        self.area[cell] += self.jump * amount * 7142.0 * (1 - decay(7142.0, remaining))

    def step(self, width: float, _: Array) -> None:
        left = decay(7142.0, width)
        mean = 0.16 + ((self.ip3 - 0.16) * 7142.0 * (1 - left) + self.area) / width
        old = self.y[0]

        def rates(y: Array) -> Array:
            dca, dh = li_rinzel(y[0], y[1], mean, JIANG)
            return np.array([dca, dh, (hill(y[0], 0.3, 4) - y[2]) / 2000.0])

        *y, self.gate = heun(rates, np.array([*self.y, self.gate]), width)
        self.y = np.array(y)
        self.ip3 = 0.16 + (self.ip3 - 0.16) * left + self.late
        self.late[:], self.area[:] = 0, 0
        self.fired = (old <= 0.5) & (self.y[0] > 0.5)

    @property
    def sic(self) -> Array:
        return slow_inward(self.y[0])


# The loop over steps


def run(
    cells: Any,
    synapses: list[Any],
    steps: int,
    *,
    dt: float = 0.1,
    spikes: list[set[int]] | None = None,
    astrocytes: Any = None,
    ratio: int = 1,
) -> list[tuple[int, int]]:
    """Spikes as (step, cell); the states are left in ``cells``, ``synapses`` and ``astrocytes``.

    ``spikes``: cells of a source that spike at the end of each step; synapses then start there.
    """
    fired: list[set[int]] = []
    found: list[tuple[int, int]] = []
    area = None if astrocytes is None else np.zeros(astrocytes.y.shape[1])
    for n in range(steps):
        sent = fired if spikes is None else spikes
        for s in synapses:
            m = n - 1 - s.delay
            if m >= 0 and s.pre in sent[m]:
                opened, released = s.spike()
                (cells.inhibit if s.inhibitory else cells.excite)(s.post, opened)
                if astrocytes is not None and s.mate >= 0:
                    astrocytes.release(s.mate, released, (ratio - n % ratio) * dt)
        for s in synapses:
            if n > 0 and s.post in fired[n - 1]:
                s.postspike()
        if area is not None:
            for s in synapses:
                if s.mate >= 0 and hasattr(s, "glutamate_integral"):
                    area[s.mate] += s.glutamate_integral(dt)
        fired.append({int(i) for i in np.flatnonzero(cells.step(dt))})
        found += [(n, i) for i in sorted(fired[-1])]
        for s in synapses:
            s.advance(dt)
        if area is not None and (n + 1) % ratio == 0:
            _exchange(cells, synapses, astrocytes, area, ratio * dt)
    return found


def _exchange(cells: Any, synapses: list[Any], astrocytes: Any, area: Array, width: float) -> None:
    """A step of the astrocytes, and what their synapses and neurons then see."""
    count = np.bincount([s.mate for s in synapses if s.mate >= 0], minlength=len(area))
    astrocytes.step(width, area / width / np.maximum(count, 1))
    area[:] = 0
    for s in synapses:
        if hasattr(s, "bind"):
            s.bind(astrocytes.mean_outside[s.mate] if s.mate >= 0 else 0.0, width)
        if hasattr(s, "gate") and hasattr(astrocytes, "gate"):
            s.gate = astrocytes.gate[s.mate] if s.mate >= 0 else 0.0
    show_current(cells, synapses, astrocytes)


def show_current(cells: Any, synapses: list[Any], astrocytes: Any) -> None:
    """The slow inward current into every neuron, summed over its synapses."""
    cells.sic[:] = 0
    for s in synapses:
        if s.mate >= 0:
            cells.sic[s.post] += astrocytes.sic[s.mate]
