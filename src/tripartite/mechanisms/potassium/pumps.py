"""The sodium-potassium pump: three sodium ions out, two potassium ions in."""

from tripartite.language import Input, Mechanism, Parameter, boltzmann, hill, where

_TISSUE = "halnes2013, as coded in ModelDB 151945"


class SodiumPotassiumPump(Mechanism):
    r"""Sodium-potassium pump that is switched on by sigmoids of both concentrations.

    **Sources** cressman2009, as coded by its authors in ModelDB 136773.
    **Holds for** concentrations near the physiological ones.
    **Pitfalls** The sigmoids do not vanish at zero: without sodium in the cell it would still pump 0.02 % of its
    largest rate. `CooperativePump` stops there.
    """

    potassium_out = Input("mM", "K_o: potassium outside")
    sodium_in = Input("mM", "Na_i: sodium in the cell")

    largest_pump = Parameter(1.25, "mM/s", "rho: largest rate of the pump", "cressman2009, full model", low=0, high=1e3)
    half_sodium = Parameter(25.0, "mM", "sodium at half activation", "cressman2009, full model", low=0, high=200)
    sodium_width = Parameter(
        3.0, "mM", "width of the activation by sodium", "cressman2009, full model", low=0.01, high=50
    )
    half_potassium = Parameter(5.5, "mM", "potassium at half activation", "cressman2009, full model", low=0, high=200)
    potassium_width = Parameter(
        1.0, "mM", "width of the activation by potassium", "cressman2009, full model", low=0.01, high=50
    )
    volume_ratio = Parameter(
        7.0, "1", "beta: volume of the cell by that outside", "cressman2009, full model", low=0, high=100
    )

    def rates(q):
        by_sodium = boltzmann(q.sodium_in, q.half_sodium, q.sodium_width)
        by_potassium = boltzmann(q.potassium_out, q.half_potassium, q.potassium_width)
        pump = q.largest_pump * by_sodium * by_potassium

        return {"potassium_out": -2 * q.volume_ratio * pump, "sodium_in": -3 * pump}


class CooperativePump(Mechanism):
    r"""Sodium-potassium pump that binds two potassium ions outside and three sodium ions inside.

    It needs all five, so it stops when one of the two ions runs out.

    **Sources** kager2000 for the form, with the affinities of the neuron in ModelDB 113446 (somjen2008) and the
    volumes of cressman2009; huguet2016 has 7.7 mM for sodium.
    **Holds for** neurons and glia, with a largest rate chosen for the cell.
    **Pitfalls** Half activation by potassium is 2 mM in the file of the neuron and 3.5 mM in kager2000. The half
    is of each binding step, so that at both halves the pump runs at 1/32 of its largest rate.
    """

    potassium_out = Input("mM", "K_o: potassium outside")
    sodium_in = Input("mM", "Na_i: sodium in the cell")

    largest_pump = Parameter(
        10.0, "mM/s", "largest rate of the pump", "assumed: at rest as fast as that of cressman2009", low=0, high=1e3
    )
    k_sodium = Parameter(
        10.0, "mM", "K_mNa: sodium that half-fills a site", "somjen2008, ModelDB 113446", low=0.01, high=100
    )
    k_potassium = Parameter(
        2.0, "mM", "K_mK: potassium that half-fills a site", "somjen2008, ModelDB 113446", low=0.01, high=100
    )
    volume_ratio = Parameter(
        7.0, "1", "beta: volume of the cell by that outside", "cressman2009, full model", low=0, high=100
    )

    def rates(q):
        pump = q.largest_pump * hill(q.potassium_out, q.k_potassium) ** 2 * hill(q.sodium_in, q.k_sodium) ** 3

        return {"potassium_out": -2 * q.volume_ratio * pump, "sodium_in": -3 * pump}


class TissuePump(Mechanism):
    r"""Sodium-potassium pump of the astrocytes in a piece of tissue, by area of their membrane.

    **Sources** halnes2013, with the values in the authors' program.
    **Holds for** astrocytes; it stops when either ion runs out.
    """

    potassium_out = Input("mM", "K_o: potassium outside")
    potassium_in = Input("mM", "K_i: potassium in the astrocytes")
    sodium_out = Input("mM", "Na_o: sodium outside")
    sodium_in = Input("mM", "Na_i: sodium in the astrocytes")
    surface_out = Input("1/um", "O_M/a_O: membrane by volume outside", low=0)
    surface_in = Input("1/um", "O_M/a_I: membrane by volume of astrocytes", low=0)

    largest_pump = Parameter(1.115e-6, "mol/(m**2*s)", "P_max: largest rate of the pump", _TISSUE, low=0, high=1e-3)
    k_potassium = Parameter(1.5, "mM", "K_Ke: potassium at half activation", _TISSUE, low=0.01, high=100)
    k_sodium = Parameter(10.0, "mM", "K_Nai: sodium at half activation", _TISSUE, low=0.01, high=100)

    def rates(q):
        # No astrocyte runs out of sodium; the power must not meet a value below zero of a trial step.
        sodium = where(q.sodium_in > 0 * q.sodium_in, q.sodium_in, 0 * q.sodium_in)
        pump = q.largest_pump * hill(q.potassium_out, q.k_potassium) * hill(sodium, q.k_sodium, 1.5)

        return {
            "potassium_out": -2 * q.surface_out * pump,
            "potassium_in": 2 * q.surface_in * pump,
            "sodium_out": 3 * q.surface_out * pump,
            "sodium_in": -3 * q.surface_in * pump,
        }
