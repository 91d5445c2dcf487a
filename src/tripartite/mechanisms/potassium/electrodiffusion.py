"""Ions that move between neighbouring pieces of tissue, by diffusion and in the field that they make."""

from typing import Any

from tripartite.language import Input, Mechanism, Parameter

_TEXT = "halnes2013, as coded in ModelDB 151945"

_CHARGES = (1, 1, -1)


def _diffused(here: tuple, there: tuple, coefficients: tuple, tortuosity: Any, distance: Any) -> tuple[list, list]:
    """Fluxes of diffusion towards the neighbour, and concentrations at the face, of each ion."""
    pairs = list(zip(here, there, coefficients, strict=True))
    return [-d / tortuosity**2 * (b - a) / distance for a, b, d in pairs], [(a + b) / 2 for a, b, _ in pairs]


def _conducting(middle: list, coefficients: tuple, tortuosity: Any) -> Any:
    """Conductivity of all ions together, by charge and thermal voltage."""
    total = coefficients[0] * middle[0] + coefficients[1] * middle[1] + coefficients[2] * middle[2]
    return total / tortuosity**2


def _current(fluxes: list) -> Any:
    """Charge that fluxes of the three ions carry."""
    return fluxes[0] + fluxes[1] - fluxes[2]


def _drifted(fluxes: list, middle: list, coefficients: tuple, tortuosity: Any, slope: Any) -> list:
    """Fluxes with the drift in a field, given by its slope over the thermal voltage."""
    parts = zip(fluxes, middle, coefficients, _CHARGES, strict=True)
    return [flux - charge * d / tortuosity**2 * c * slope for flux, c, d, charge in parts]


class Electrodiffusion(Mechanism):
    r"""Diffusion and drift of three ions between two pieces of tissue, inside astrocytes and outside.

    For a `tripartite.network.Coupling` of pieces with `TissueIons`. The fields inside and outside are those at which
    all current that flows one way inside flows back outside, so that each piece stays neutral but for the charge on
    its membrane. What one piece loses the other gains.

    **Sources** halnes2013, equations of its electrodiffusive formalism.
    **Holds for** one dimension with sealed ends; mean concentrations stand for those at the face, so pieces must be
    short against the gradients.
    **Pitfalls** Potentials and concentrations exchange in microseconds: only an implicit solver
    (`tripartite.network.Bdf`) can follow it.
    """

    potassium_out = Input("mM", "K_o: potassium outside")
    potassium_in = Input("mM", "K_i: potassium in the astrocytes")
    sodium_out = Input("mM", "Na_o: sodium outside")
    sodium_in = Input("mM", "Na_i: sodium in the astrocytes")
    chloride_out = Input("mM", "Cl_o: chloride outside")
    chloride_in = Input("mM", "Cl_i: chloride in the astrocytes")
    v = Input("mV", "v_M: membrane potential of the astrocytes")
    neighbour_potassium_out = Input("mM", "potassium outside, in the neighbour")
    neighbour_potassium_in = Input("mM", "potassium in the astrocytes of the neighbour")
    neighbour_sodium_out = Input("mM", "sodium outside, in the neighbour")
    neighbour_sodium_in = Input("mM", "sodium in the astrocytes of the neighbour")
    neighbour_chloride_out = Input("mM", "chloride outside, in the neighbour")
    neighbour_chloride_in = Input("mM", "chloride in the astrocytes of the neighbour")
    neighbour_v = Input("mV", "membrane potential in the neighbour")

    distance = Parameter(
        3.0, "um", "distance between the middles of the two", "assumed: 100 pieces in 300 µm", low=1e-3, high=1e4
    )
    width = Parameter(3.0, "um", "length of this piece", "assumed: 100 pieces in 300 µm", low=1e-3, high=1e4)
    d_potassium = Parameter(1.96e-9, "m**2/s", "D_K: diffusion of potassium in water", _TEXT, low=0, high=1e-7)
    d_sodium = Parameter(1.33e-9, "m**2/s", "D_Na: diffusion of sodium in water", _TEXT, low=0, high=1e-7)
    d_chloride = Parameter(2.03e-9, "m**2/s", "D_Cl: diffusion of chloride in water", _TEXT, low=0, high=1e-7)
    tortuosity_out = Parameter(1.6, "1", "lambda_O: tortuosity outside", _TEXT, low=1, high=100)
    tortuosity_in = Parameter(3.2, "1", "lambda_I: tortuosity in the astrocytes", _TEXT, low=1, high=100)
    space_share = Parameter(0.2, "1", "a_O: part of the tissue that is outside", _TEXT, low=0.01, high=1)
    cell_share = Parameter(0.4, "1", "a_I: part of the tissue that is astrocytes", _TEXT, low=0.01, high=1)
    thermal = Parameter(25.67741, "mV", "psi: RT/F", "halnes2013: R 8.315, T 298, F 96500 in SI", low=20, high=30)

    def rates(q):
        coefficients = (q.d_potassium, q.d_sodium, q.d_chloride)
        outside = (q.potassium_out, q.sodium_out, q.chloride_out)
        inside = (q.potassium_in, q.sodium_in, q.chloride_in)
        there_outside = (q.neighbour_potassium_out, q.neighbour_sodium_out, q.neighbour_chloride_out)
        there_inside = (q.neighbour_potassium_in, q.neighbour_sodium_in, q.neighbour_chloride_in)
        share = q.space_share / q.cell_share

        d_out, c_out = _diffused(outside, there_outside, coefficients, q.tortuosity_out, q.distance)
        d_in, c_in = _diffused(inside, there_inside, coefficients, q.tortuosity_in, q.distance)
        r_out = q.thermal / _conducting(c_out, coefficients, q.tortuosity_out)
        r_in = q.thermal / _conducting(c_in, coefficients, q.tortuosity_in)
        # Current of diffusion through the tissue, by part of it that is astrocytes; the field sends it back.
        diffused = _current(d_in) + share * _current(d_out)
        field = (q.neighbour_v - q.v) / q.distance
        field_out = (-field + r_in * diffused) * r_out / (r_out + r_in * share)
        field_in = (field + r_out / share * diffused) * r_in / (r_in + r_out / share)
        left = _drifted(d_out, c_out, coefficients, q.tortuosity_out, field_out / q.thermal)
        sent = _drifted(d_in, c_in, coefficients, q.tortuosity_in, field_in / q.thermal)

        names = ("potassium", "sodium", "chloride")
        gained = {f"{name}_out": -flux / q.width for name, flux in zip(names, left, strict=True)}
        return gained | {f"{name}_in": -flux / q.width for name, flux in zip(names, sent, strict=True)}
