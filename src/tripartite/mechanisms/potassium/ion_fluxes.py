"""What a neuron's currents do to its ions: spike by spike, or averaged over spikes."""

from typing import Any

from tripartite.language import Input, Mechanism, Parameter, exp, where

_CODE = "cressman2009, full model as coded in ModelDB 136773"
_FITS = "cressman2009, reduced model as coded in ModelDB 136773"


class SpikingIonFluxes(Mechanism):
    r"""Potassium that leaves a neuron and sodium that enters it with its currents.

    **Sources** cressman2009, with the equations as coded by its authors in ModelDB 136773.
    **Holds for** one well-mixed neuron, given by its ratio of surface to volume, in its own space.
    """

    potassium_out = Input("mM", "K_o: potassium outside")
    sodium_in = Input("mM", "Na_i: sodium in the cell")
    potassium_efflux = Input("uA/cm**2", "I_K: potassium current, outward when positive")
    sodium_influx = Input("uA/cm**2", "sodium current, inward when positive: -I_Na")

    per_charge = Parameter(
        0.044494542, "mM*cm**2/(s*uA)", "gamma: rate of concentration in the cell per current", _CODE, low=0, high=100
    )
    volume_ratio = Parameter(7.0, "1", "beta: volume of the cell by that outside", _CODE, low=0, high=100)

    def rates(q):
        return {
            "potassium_out": q.per_charge * q.volume_ratio * q.potassium_efflux,
            "sodium_in": q.per_charge * q.sodium_influx,
        }


def _shut(x: Any) -> Any:
    """Fifth power of a sigmoid that falls with ``x``."""
    return 1 / (1 + exp(x)) ** 5


class AveragedIonFluxes(Mechanism):
    r"""Potassium that leaves a neuron and sodium that enters it, averaged over its spikes.

    The mean currents are fitted functions of the two ratios of concentrations, so that two states stand for the six
    of the spiking model (`tripartite.models.ReducedCressman`).

    **Sources** cressman2009; the fits are those that made the figures, as the authors state in ModelDB 136773.
    **Holds for** changes of concentration slower than spikes, and ratios near those of the paper.
    **Pitfalls** The paper misprints the fits: the factor in ``g2``, the second factor of ``g3`` (labelled g4), and
    one sign.
    """

    potassium_out = Input("mM", "K_o: potassium outside")
    sodium_in = Input("mM", "Na_i: sodium in the cell")

    potassium_in = Parameter(140.0, "mM", "K_i: potassium in the cell", "cressman2009, rest", low=1, high=500)
    sodium_out = Parameter(144.0, "mM", "Na_o: sodium outside", "cressman2009, rest", low=1, high=500)
    potassium_gain = Parameter(0.33, "mM/s", "rise of potassium per potassium current", _FITS, low=0, high=100)
    sodium_gain = Parameter(0.04714, "mM/s", "rise of sodium per sodium current", _FITS, low=0, high=100)
    potassium_share = Parameter(0.94, "1", "potassium current by the current of both fits", _FITS, low=0, high=10)
    firing = Parameter(420.0, "1", "largest mean current of a firing neuron", _FITS, low=0, high=1e4)
    potassium_leak = Parameter(
        2.6, "1", "potassium current of a silent neuron without potassium", _FITS, low=0, high=100
    )
    sodium_leak = Parameter(1.5, "1", "sodium current of a silent neuron", _FITS, low=0, high=100)

    def rates(q):
        n = q.sodium_in / q.sodium_out
        k = q.potassium_out / q.potassium_in
        few = exp(-2.6 * n)
        # A ratio below zero, which the model never reaches, would make the base of the power negative.
        base = where(few < 1, 1 - 0.93 * few, 0.07)

        g1 = q.firing * (1 - 0.75 * base**0.3)
        g2 = exp((1 - 7.41 * k) / (1.94 + 1.98 * few))
        g3 = _shut(35.7 * (1 + 1.94 * n - 24.3 * k)) * _shut(0.88 * (1 + 1.48 * n - 24.6 * k))
        fired = g1 * g2 * g3
        leaked = q.potassium_leak * exp(-32.5 * k)

        return {
            "potassium_out": q.potassium_gain * q.potassium_share * (fired + leaked),
            "sodium_in": q.sodium_gain * (fired + q.sodium_leak),
        }
