"""Potential of an astrocyte that its neighbours hold."""

from tripartite.language import Mechanism, Output, Parameter, State


class SyncytialMembrane(Mechanism):
    r"""Membrane of an astrocyte whose gap junctions tie its potential to that of the syncytium.

    Channels of the same compartment (`Kir41`) add ``responsiveness`` times their current. Because distant
    astrocytes hold the potential, potassium that rises at one place drives current in there.

    **Sources** capacitance sibille2015; the coupling is assumed.
    **Holds for** a patch of one cell, small against the syncytium, whose potential does not move with it.
    """

    v = State(-85.8, "mV", "V_A: membrane potential")
    responsiveness = Output("1/pF", "change of potential per charge: 1/C")

    capacitance = Parameter(
        15.0, "pF", "C: capacitance of the membrane", "sibille2015, as coded by its users", low=0.01, high=1e4
    )
    g_syncytium = Parameter(
        2.0,
        "nS",
        "conductance to the syncytium",
        "assumed: far above that of the channels",
        low=0,
        high=1e5,
        target="connexin",
    )
    v_syncytium = Parameter(
        -85.75, "mV", "potential of the syncytium", "assumed: E_K at 4 and 100 mM", low=-150, high=50
    )

    def outputs(q):
        return {"responsiveness": 1 / q.capacitance}

    def rates(q):
        return {"v": q.responsiveness * q.g_syncytium * (q.v_syncytium - q.v)}
