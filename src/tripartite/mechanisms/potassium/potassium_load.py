"""What active neurons do to the ions around them, as a load on the tissue."""

from tripartite.language import Input, Mechanism, Parameter


class PotassiumLoad(Mechanism):
    r"""Potassium that neurons release, and take up again in proportion to its excess, in exchange for sodium.

    **Sources** halnes2013, with the values in the authors' program.
    **Holds for** neurons that are no part of the model; their uptake is the same everywhere, active or not.
    **Pitfalls** Release and uptake do not depend on what the neurons have.
    """

    neuronal_potassium = Input("mol/(m**2*s)", "j_in: potassium that neurons release, by membrane of astrocytes")
    potassium_out = Input("mM", "K_o: potassium outside")
    sodium_out = Input("mM", "Na_o: sodium outside")
    surface_out = Input("1/um", "O_M/a_O: membrane by volume outside", low=0)

    reuptake = Parameter(
        2.9e-8, "m/s", "k_dec: uptake by neurons", "halnes2013, as coded in ModelDB 151945", low=0, high=1e-4
    )
    potassium_out_rest = Parameter(
        3.082, "mM", "K_o0: potassium outside at rest", "halnes2013, as coded in ModelDB 151945", low=0, high=100
    )

    def rates(q):
        load = q.surface_out * (q.neuronal_potassium - q.reuptake * (q.potassium_out - q.potassium_out_rest))

        return {"potassium_out": load, "sodium_out": -load}
