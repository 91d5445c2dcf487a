"""Reversal potentials that follow concentrations."""

from tripartite.language import Input, Mechanism, Output, Parameter, log

_THERMAL = "cressman2009, full model as coded in ModelDB 136773; 36 °C"


class PotassiumNernst(Mechanism):
    r"""Reversal potential of potassium, in the place of a neuron's fixed ``e_k``.

    Added to a neuron with any source of ``potassium_out`` it makes its potassium currents follow potassium.

    **Sources** the equation of Nernst, with RT/F as in cressman2009.
    **Holds for** channels that pass potassium alone.
    **Pitfalls** At 4 and 140 mM it gives -94.71 mV, which need not be the ``e_k`` of the neuron that it is added to:
    choose ``potassium_in`` so that both agree at rest.
    """

    e_k = Output("mV", "E_K: reversal potential of potassium", supersedes=True)
    potassium_out = Input("mM", "K_o: potassium outside")

    potassium_in = Parameter(140.0, "mM", "K_i: potassium in the cell", "cressman2009, rest", low=1, high=500)
    thermal = Parameter(26.64, "mV", "RT/F: thermal voltage", _THERMAL, low=20, high=30)

    def outputs(q):
        return {"e_k": q.thermal * log(q.potassium_out / q.potassium_in)}


class SodiumNernst(Mechanism):
    r"""Reversal potential of sodium, in the place of a neuron's fixed ``e_na``.

    **Sources** the equation of Nernst, with RT/F as in cressman2009.
    **Holds for** channels that pass sodium alone.
    """

    e_na = Output("mV", "E_Na: reversal potential of sodium", supersedes=True)
    sodium_in = Input("mM", "Na_i: sodium in the cell")

    sodium_out = Parameter(144.0, "mM", "Na_o: sodium outside", "cressman2009, rest", low=1, high=500)
    thermal = Parameter(26.64, "mV", "RT/F: thermal voltage", _THERMAL, low=20, high=30)

    def outputs(q):
        return {"e_na": q.thermal * log(q.sodium_out / q.sodium_in)}
