"""Sodium in the neuron and potassium around it; what the other two concentrations follow from."""

from tripartite.language import Mechanism, Output, Parameter, State

_CODE = "cressman2009, full model as coded in ModelDB 136773"


class NeuronalIons(Mechanism):
    r"""Potassium outside and sodium inside a neuron; potassium inside and sodium outside follow from both.

    Potassium inside falls as sodium rises, because the cell stays neutral; sodium outside falls in the same
    proportion as the cell gains it. Currents (`SpikingIonFluxes`, `AveragedIonFluxes`), pumps, glia and a bath add
    their rates to the two states.

    **Sources** cressman2009, with the equations as coded by its authors in ModelDB 136773.
    **Holds for** a neuron whose volume stays constant and whose potassium and sodium exchange one for one.
    **Pitfalls** The conservation laws tie inner potassium to inner sodium only; potassium that leaves to glia or
    bath is not missed inside. Sodium outside would become negative above 38.6 mM inside.
    """

    potassium_out = State(7.8, "mM", "K_o: potassium outside", low=0, supersedes=True)
    sodium_in = State(15.5, "mM", "Na_i: sodium in the cell", low=0, supersedes=True)
    potassium_in = Output("mM", "K_i: potassium in the cell", supersedes=True)
    sodium_out = Output("mM", "Na_o: sodium outside", supersedes=True)
    volume_ratio = Output("1", "beta: volume of the cell by that of its outer space", supersedes=True)

    cell_to_space = Parameter(7.0, "1", "beta: volume of the cell by that of its outer space", _CODE, low=0, high=100)
    cations = Parameter(158.0, "mM", "sum of potassium and sodium in the cell", _CODE, low=0, high=500)
    sodium_out_rest = Parameter(144.0, "mM", "sodium outside when the cell rests", _CODE, low=0, high=500)
    sodium_in_rest = Parameter(18.0, "mM", "sodium in the cell when it rests", _CODE, low=0, high=100)

    def outputs(q):
        return {
            "potassium_in": q.cations - q.sodium_in,
            "sodium_out": q.sodium_out_rest - q.cell_to_space * (q.sodium_in - q.sodium_in_rest),
            "volume_ratio": 1 * q.cell_to_space,
        }
