"""A calcium indicator that takes time: fluorescence lags behind calcium."""

from tripartite.language import Input, Mechanism, Output, Parameter, ParameterSet, State, hill, where
from tripartite.units import s, uM

_MEMORY = "chen2013, GCaMP6s; from memory, not checked against the paper"


class KineticGcamp(Mechanism):
    r"""Relative fluorescence change of GCaMP that follows calcium with its own kinetics.

    In equilibrium it is `Gcamp`. The bright fraction goes to its Hill equilibrium with the time constant of
    one-step binding, 1 / (k_off (1 + (C/K_d)^n)), but never faster than ``rise``. ``dff`` is
    (F - F_0) / F_0 with F_0 at ``ca_rest``. The values are those of GCaMP6s; `KINETIC_GCAMP6M` and
    `KINETIC_GCAMP6F` are faster, by values of which most come from memory.

    **Sources** denizot2019 (affinity and off rate, from its code); chen2013 (exponent, dynamic range; from
    memory, not checked against the paper).
    **Holds for** an indicator too dilute to buffer calcium; add `IndicatorBuffer` where it is not.
    **Pitfalls** One-step binding alone would rise within 3 to 25 ms at 1 uM calcium, faster than any GCaMP:
    hence the floor ``rise``. The affinity inside cells differs from that of the purified protein.
    """

    bright = State(0.04446, "1", "theta: bright fraction of the indicator", low=0, high=1)
    ca = Input("uM", "C: free calcium in the cytosol")
    dff = Output("1", "relative change of fluorescence")

    k_d = Parameter(
        0.144, "uM", "K_d: calcium at half saturation", "denizot2019, GCaMP6s, code of the model", low=1e-3, high=100
    )
    exponent = Parameter(2.90, "1", "n: Hill exponent", _MEMORY, low=0.1, high=10)
    off_rate = Parameter(
        1.12, "1/s", "k_off: rate of dimming without calcium", "denizot2019, GCaMP6s, code of the model",
        low=1e-3, high=1e3,
    )  # fmt: skip
    rise = Parameter(
        0.07, "s", "tau_rise: shortest time constant", "assumed: fluorescence rises within tenths of a second",
        low=1e-4, high=10,
    )  # fmt: skip
    brightness = Parameter(63.2, "1", "R_f: saturated over calcium-free fluorescence", _MEMORY, low=1, high=1e3)
    ca_rest = Parameter(0.05, "uM", "calcium at which F_0 is taken", "assumed: typical resting calcium", low=0, high=10)

    def outputs(q):
        shown = 1 + (q.brightness - 1) * q.bright
        rest = 1 + (q.brightness - 1) * hill(q.ca_rest, q.k_d, q.exponent)

        return {"dff": shown / rest - 1}

    def rates(q):
        # A solver may try calcium just below zero, where a broken power does not exist.
        nothing = 0 * q.k_d
        equilibrium = hill(where(nothing < q.ca, q.ca, nothing), q.k_d, q.exponent)
        one_step = (1 - equilibrium) / q.off_rate
        slowed = where(one_step > q.rise, one_step, q.rise)

        return {"bright": (equilibrium - q.bright) / slowed}


_SPEED_6F = "denizot2019, GCaMP6f, code of the model"
_ASSUMED = "assumed: in the order of speeds of the three indicators"

KINETIC_GCAMP6M = ParameterSet(
    "GCaMP6m, with kinetics",
    "chen2013, GCaMP6m; from memory, not checked against the paper",
    k_d=0.167 * uM,
    exponent=2.96,
    off_rate=2.06 / s,
    brightness=38.1,
    rise=(0.04 * s, _ASSUMED),
    bright=0.02739,
)
KINETIC_GCAMP6F = ParameterSet(
    "GCaMP6f, with kinetics",
    "chen2013, GCaMP6f; from memory, not checked against the paper",
    k_d=(0.375 * uM, _SPEED_6F),
    exponent=2.27,
    off_rate=(3.93 / s, _SPEED_6F),
    brightness=51.8,
    rise=(0.02 * s, _ASSUMED),
    bright=0.01021,
)
