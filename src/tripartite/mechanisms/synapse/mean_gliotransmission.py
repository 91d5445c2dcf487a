"""Presynaptic receptors in the mean over gliotransmitter releases of a given frequency."""

from tripartite.language import Input, Mechanism, Output, Parameter, State, exp

_PAPER = "stimberg2019, example 3"


class MeanPresynapticReceptor(Mechanism):
    r"""`PresynapticReceptor` in the mean over Poisson releases of gliotransmitter at a given frequency.

    One release binds the share 1 - exp(-J_S r_A) of the free receptors; resources and occupancy before a
    Poisson release are those of any moment, so that the equation of the mean is exact but for their product.
    Beside `MeanTsodyksMarkram` it makes the mean field of a synapse under gliotransmission.

    **Sources** depitta2011, mean field; values stimberg2019, examples 3 and 4.
    **Holds for** releases much shorter than the time between them; irregular releases. Regular ones bind more:
    `PeriodicPresynapticReceptor`.
    """

    mean_bound = State(0.0, "1", "Gamma_S: mean fraction of bound receptors", low=0, high=1)
    glio_rate = Input("Hz", "f_C: frequency of gliotransmitter releases", low=0)
    utilization = Output("1", "U_0: basal release probability")

    u0 = Parameter(0.6, "1", "U_0*: release probability when none is bound", "stimberg2019, example 1", 0, 1)
    effect = Parameter(0.0, "1", "alpha: release probability when all are bound", _PAPER, 0, 1)
    unbinding = Parameter(0.5, "1/min", "Omega_G: rate of unbinding", _PAPER, low=1e-6)
    exposure = Parameter(
        3.25, "1", "J_S: bindings per receptor if all were released", f"{_PAPER}: rho_e O_G G_T / Omega_e", low=0
    )
    fraction = Parameter(0.6, "1", "U_A: fraction released each time", _PAPER, low=0, high=1)
    recovery = Parameter(0.6, "1/s", "Omega_A: rate of recovery of gliotransmitter", _PAPER, low=1e-6)

    def rates(q):
        resources = q.recovery / (q.recovery + q.fraction * q.glio_rate)
        binds = 1 - exp(-q.exposure * q.fraction * resources)

        return {"mean_bound": q.glio_rate * binds * (1 - q.mean_bound) - q.unbinding * q.mean_bound}

    def outputs(q):
        return {"utilization": (1 - q.mean_bound) * q.u0 + q.effect * q.mean_bound}


class PeriodicPresynapticReceptor(MeanPresynapticReceptor):
    r"""`PresynapticReceptor` in the mean over one period of regular releases of gliotransmitter.

    The closed form for a rhythm that has gone on for long. A depressing synapse turns facilitating where the
    mean utilization falls to Omega_d / (Omega_d + Omega_f): from one release every 243 s on.

    **Sources** depitta2011, mean field; values stimberg2019, examples 3 and 4.
    **Holds for** regular releases much shorter than the time between them.
    """

    mean_bound = Output("1", "Gamma_S: mean fraction of bound receptors")

    rates = None  # type: ignore[assignment]  # a closed form takes its place

    def outputs(q):
        kept, recovered = exp(-q.unbinding / q.glio_rate), 1 - exp(-q.recovery / q.glio_rate)
        resources = recovered / (1 - (1 - q.fraction) * (1 - recovered))
        binds = 1 - exp(-q.exposure * q.fraction * resources)
        after = binds / (1 - (1 - binds) * kept)
        bound = after * (1 - kept) * q.glio_rate / q.unbinding

        return {"mean_bound": bound, "utilization": (1 - bound) * q.u0 + q.effect * bound}
