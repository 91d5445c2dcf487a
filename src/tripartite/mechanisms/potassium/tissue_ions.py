"""Potassium, sodium and chloride inside astrocytes and around them, and the potential that their charge makes."""

from tripartite.language import Mechanism, Output, Parameter, State

_TEXT = "halnes2013, as coded in ModelDB 151945"


class TissueIons(Mechanism):
    r"""Ions of a piece of tissue, inside its astrocytes and outside; their charge sets the membrane potential.

    Nothing moves here: membrane (`TissueMembrane`, `TissuePump`), neurons (`PotassiumLoad`) and neighbouring pieces
    (`Electrodiffusion`) add their rates to the six concentrations. The potential is no state: it is the charge
    outside, which the membrane stores, over the capacitance.

    **Sources** halnes2013, with the values in the authors' program.
    **Holds for** astrocytes taken together as one cable, at times of milliseconds and longer; volumes stay constant.
    **Pitfalls** A difference of 0.001 mM between cations and anions outside is 0.24 mV: initial concentrations must
    be balanced, and an explicit integrator needs steps of microseconds.
    """

    potassium_out = State(3.082, "mM", "K_o: potassium outside", low=0, supersedes=True)
    potassium_in = State(99.959, "mM", "K_i: potassium in the astrocytes", low=0, supersedes=True)
    sodium_out = State(144.662, "mM", "Na_o: sodium outside", low=0, supersedes=True)
    sodium_in = State(15.189, "mM", "Na_i: sodium in the astrocytes", low=0, supersedes=True)
    chloride_out = State(133.71, "mM", "Cl_o: chloride outside", low=0, supersedes=True)
    chloride_in = State(5.145, "mM", "Cl_i: chloride in the astrocytes", low=0, supersedes=True)
    v = Output("mV", "v_M: membrane potential of the astrocytes")
    surface_out = Output("1/um", "O_M/a_O: membrane by volume outside")
    surface_in = Output("1/um", "O_M/a_I: membrane by volume of astrocytes")

    space_share = Parameter(0.2, "1", "a_O: part of the tissue that is outside", _TEXT, low=0.01, high=1)
    cell_share = Parameter(0.4, "1", "a_I: part of the tissue that is astrocytes", _TEXT, low=0.01, high=1)
    membrane_density = Parameter(8.0, "1/um", "O_M: membrane by volume of tissue", _TEXT, low=1e-3, high=1e3)
    capacitance = Parameter(0.01, "F/m**2", "C_M: capacitance by area", _TEXT, low=1e-4, high=1)
    v_balanced = Parameter(-83.6, "mV", "potential at the balance of charges", _TEXT, low=-150, high=50)
    excess_balanced = Parameter(
        14.034,
        "mM",
        "cations beyond chloride outside at that potential",
        "halnes2013, initial values",
        low=-500,
        high=500,
    )
    faraday = Parameter(96500.0, "C/mol", "F: charge of a mole of ions", _TEXT, low=9e4, high=1e5)

    def outputs(q):
        outside = q.membrane_density / q.space_share
        excess = q.potassium_out + q.sodium_out - q.chloride_out

        return {
            "v": q.v_balanced - q.faraday / (q.capacitance * outside) * (excess - q.excess_balanced),
            "surface_out": outside,
            "surface_in": q.membrane_density / q.cell_share,
        }
