"""Channels of astrocytes in tissue: inwardly rectifying potassium, and leaks of sodium and chloride."""

from tripartite.language import Input, Mechanism, Output, Parameter, boltzmann, log, sqrt

_TEXT = "halnes2013, as coded in ModelDB 151945"


class TissueMembrane(Mechanism):
    r"""Ions through the channels of astrocytes: Kir4.1 as a factor on its conductance at rest, and two leaks.

    **Sources** halnes2013, with the values in the authors' program.
    **Holds for** astrocytes at rest near -85 mV in a few to about 15 mM potassium.
    **Pitfalls** The factor of Kir4.1 is 1 at the equilibrium of potassium, not at rest, where it is 0.959. Another
    program has 18.4 in its numerator and 42.5 in its denominator.
    """

    e_k = Output("mV", "E_K: reversal potential of potassium", supersedes=True)
    kir_factor = Output("1", "f_Kir: conductance of Kir4.1 by that at equilibrium at rest")
    v = Input("mV", "v_M: membrane potential of the astrocytes")
    potassium_out = Input("mM", "K_o: potassium outside")
    potassium_in = Input("mM", "K_i: potassium in the astrocytes")
    sodium_out = Input("mM", "Na_o: sodium outside")
    sodium_in = Input("mM", "Na_i: sodium in the astrocytes")
    chloride_out = Input("mM", "Cl_o: chloride outside")
    chloride_in = Input("mM", "Cl_i: chloride in the astrocytes")
    surface_out = Input("1/um", "O_M/a_O: membrane by volume outside", low=0)
    surface_in = Input("1/um", "O_M/a_I: membrane by volume of astrocytes", low=0)

    g_kir = Parameter(
        16.96, "S/m**2", "g_K0: conductance of Kir4.1 at equilibrium at rest", _TEXT, low=0, high=1e4, target="Kir4.1"
    )
    g_na = Parameter(1.0, "S/m**2", "g_Na: leak of sodium", _TEXT, low=0, high=1e4)
    g_cl = Parameter(0.5, "S/m**2", "g_Cl: leak of chloride", _TEXT, low=0, high=1e4)
    potassium_out_rest = Parameter(3.082, "mM", "K_o0: potassium outside at rest", _TEXT, low=0.01, high=100)
    potassium_in_rest = Parameter(99.959, "mM", "K_i0: potassium inside at rest", _TEXT, low=1, high=500)
    force_shift = Parameter(
        18.5, "mV", "driving force at which the first sigmoid is a half, negative", _TEXT, low=-100, high=100
    )
    force_width = Parameter(42.4, "mV", "width of the sigmoid of the driving force", _TEXT, low=1, high=200)
    half_v = Parameter(-118.6, "mV", "potential at half of the second sigmoid", _TEXT, low=-150, high=100)
    v_width = Parameter(44.1, "mV", "width of the sigmoid of the potential", _TEXT, low=1, high=200)
    thermal = Parameter(25.67741, "mV", "psi: RT/F", "halnes2013: R 8.315, T 298, F 96500 in SI", low=20, high=30)
    faraday = Parameter(96500.0, "C/mol", "F: charge of a mole of ions", _TEXT, low=9e4, high=1e5)

    def outputs(q):
        e_k = q.thermal * log(q.potassium_out / q.potassium_in)
        e_k_rest = q.thermal * log(q.potassium_out_rest / q.potassium_in_rest)
        by_force = boltzmann(e_k - q.v, q.force_shift, q.force_width) / boltzmann(0 * q.v, q.force_shift, q.force_width)
        by_potential = boltzmann(q.v, q.half_v, q.v_width) / boltzmann(e_k_rest, q.half_v, q.v_width)

        return {"e_k": e_k, "kir_factor": sqrt(q.potassium_out / q.potassium_out_rest) * by_force * by_potential}

    def rates(q):
        e_na = q.thermal * log(q.sodium_out / q.sodium_in)
        e_cl = -q.thermal * log(q.chloride_out / q.chloride_in)
        potassium = q.g_kir * q.kir_factor * (q.v - q.e_k) / q.faraday
        sodium = q.g_na * (q.v - e_na) / q.faraday
        chloride = -q.g_cl * (q.v - e_cl) / q.faraday

        return {
            "potassium_out": q.surface_out * potassium,
            "potassium_in": -q.surface_in * potassium,
            "sodium_out": q.surface_out * sodium,
            "sodium_in": -q.surface_in * sodium,
            "chloride_out": q.surface_out * chloride,
            "chloride_in": -q.surface_in * chloride,
        }
