"""Inwardly rectifying potassium channels of astrocytes (Kir4.1)."""

from tripartite.language import Input, Mechanism, Output, Parameter, boltzmann, sqrt

_CODE = "sibille2015, as coded by its users; not compared with the paper's table"


class Kir41(Mechanism):
    r"""Current through Kir4.1 channels of an astrocyte: more inward than outward, and more with more potassium.

    The conductance grows with the square root of potassium outside and falls with the driving force. Loss of the
    channel is ``g_kir = 0``.

    **Sources** form and values sibille2015, without the shift of its reversal potential.
    **Holds for** steady rectification; the channel is much faster than potassium changes.
    **Pitfalls** The published set shifts the reversal by V_A1 = -14.83 mV from E_K, so that a pure potassium channel
    would carry current at equilibrium. Here the shift is 0 by default
    (`tripartite.parameters.sibille2015.AS_PUBLISHED` has it); with it potassium can never settle at E_K.
    Measured currents rectify far less than this set: 40 mV above E_K they keep growing where it closes (experiment
    kir41-currents).
    """

    kir_current = Output("pA", "I_Kir: current through the channels, outward when positive")
    v = Input("mV", "V: membrane potential of the astrocyte")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)
    potassium_out = Input("mM", "K_o: potassium outside")

    e_k = Parameter(-94.71, "mV", "E_K: reversal of potassium", "assumed: Nernst at 4 and 140 mM", low=-200, high=50)
    g_kir = Parameter(
        60.0, "pS/mM**0.5", "G_Kir: conductance at 1 mM potassium", _CODE, low=0, high=1e7, target="Kir4.1"
    )
    shift = Parameter(0.0, "mV", "V_A1: reversal from E_K", "assumed: 0, as thermodynamics asks", low=-50, high=50)
    half_rectified = Parameter(34.0, "mV", "V_A2: driving force that closes half", _CODE, low=-150, high=150)
    rectification = Parameter(19.23, "mV", "V_A3: width of the rectification", _CODE, low=1, high=200)

    def outputs(q):
        force = q.v - q.e_k
        open_part = boltzmann(-force, -q.half_rectified, q.rectification)

        return {"kir_current": q.g_kir * sqrt(q.potassium_out) * (force - q.shift) * open_part}

    def rates(q):
        return {"v": -q.responsiveness * q.kir_current}
