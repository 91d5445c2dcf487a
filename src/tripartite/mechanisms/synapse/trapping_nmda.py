"""The NMDA receptor that can close over the magnesium in its pore, in ten states."""

from tripartite.language import BindingRate, Input, Mechanism, Output, Parameter, State, exp

_FILE = "vargas_caballero2004, as filed at ModelDB 145836 (the attribution is not confirmed)"


class TrappingNmda(Mechanism):
    r"""An NMDA receptor with two binding steps whose open pore magnesium blocks; the gate can close over it.

    Magnesium enters and leaves the open pore only. With it inside, the gate closes ``trapping`` times faster
    (asymmetric trapping block) and the other steps are the same.

    **Sources** vargas_caballero2004, values of ModelDB 145836; that they are this paper's is not confirmed.
    **Holds for** a saturated co-agonist site; `KampaNmda` also blocks closed receptors.
    **Pitfalls** The block depends on potential from both sides, and with different steepness.
    """

    # No upper bounds: what keeps the states below 1 is that together they are 1.
    nmda_free = State(1.0, "1", "C_0: no glutamate bound", low=0)
    nmda_single = State(0.0, "1", "C_1: one glutamate bound", low=0)
    nmda_double = State(0.0, "1", "C_2: two glutamate bound, closed", low=0)
    nmda_desensitised = State(0.0, "1", "D: desensitised", low=0)
    nmda_open = State(0.0, "1", "O: open", low=0)
    nmda_free_mg = State(0.0, "1", "C0_B: no glutamate bound, magnesium trapped", low=0)
    nmda_single_mg = State(0.0, "1", "C1_B: one glutamate bound, magnesium trapped", low=0)
    nmda_double_mg = State(0.0, "1", "C2_B: two glutamate bound, magnesium trapped", low=0)
    nmda_desensitised_mg = State(0.0, "1", "D_B: desensitised, magnesium trapped", low=0)
    nmda_open_mg = State(0.0, "1", "O_B: open gate, blocked pore", low=0)
    glutamate = Input("uM", "G: glutamate at the receptor")
    v = Input("mV", "V: membrane potential")
    nmda_current = Output("pA", "I_NMDA: outward current")

    conductance = Parameter(0.5, "nS", "g: conductance with all open", "assumed: one synapse", low=0)
    reversal = Parameter(-0.7, "mV", "E: reversal potential", _FILE)
    magnesium = Parameter(1.0, "mM", "Mg: extracellular magnesium", "assumed: as in a slice", low=0)
    coagonist = Parameter(1.0, "1", "theta: share of receptors with co-agonist", "assumed: saturated", low=0, high=1)
    binding = Parameter(
        5.0, "1/mM/ms", "R_b: a site binds glutamate", _FILE, low=0, target=BindingRate("NMDA receptor")
    )
    unbinding = Parameter(5.5, "1/s", "R_u: a site lets glutamate go", _FILE, low=0)
    desensitising = Parameter(8.4, "1/s", "R_d: desensitisation", _FILE, low=0)
    resensitising = Parameter(1.8, "1/s", "R_r: recovery from desensitisation", _FILE, low=0)
    opening = Parameter(46.5, "1/s", "R_o: the gate opens", _FILE, low=0)
    closing = Parameter(91.6, "1/s", "R_c: the gate closes", _FILE, low=0)
    trapping = Parameter(3.0, "1", "how much faster the gate closes over magnesium", _FILE, low=0)
    block = Parameter(610.0, "1/mM/s", "magnesium enters the open pore at 0 mV", _FILE, low=0)
    unblock = Parameter(5400.0, "1/s", "magnesium leaves the open pore at 0 mV", _FILE, low=0)
    v_in = Parameter(17.0, "mV", "e-fold of entering", _FILE, low=1e-6)
    v_out = Parameter(47.0, "mV", "e-fold of leaving", _FILE, low=1e-6)

    def outputs(q):
        return {"nmda_current": q.conductance * q.coagonist * q.nmda_open * (q.v - q.reversal)}

    def rates(q):
        bind = q.binding * q.glutamate
        first = 2 * bind * q.nmda_free - q.unbinding * q.nmda_single
        second = bind * q.nmda_single - 2 * q.unbinding * q.nmda_double
        slept = q.desensitising * q.nmda_double - q.resensitising * q.nmda_desensitised
        opened = q.opening * q.nmda_double - q.closing * q.nmda_open
        first_mg = 2 * bind * q.nmda_free_mg - q.unbinding * q.nmda_single_mg
        second_mg = bind * q.nmda_single_mg - 2 * q.unbinding * q.nmda_double_mg
        slept_mg = q.desensitising * q.nmda_double_mg - q.resensitising * q.nmda_desensitised_mg
        opened_mg = q.opening * q.nmda_double_mg - q.trapping * q.closing * q.nmda_open_mg
        enter = q.block * q.magnesium * exp(-q.v / q.v_in)
        blocked = enter * q.nmda_open - q.unblock * exp(q.v / q.v_out) * q.nmda_open_mg

        return {
            "nmda_free": -first,
            "nmda_single": first - second,
            "nmda_double": second - slept - opened,
            "nmda_desensitised": slept,
            "nmda_open": opened - blocked,
            "nmda_free_mg": -first_mg,
            "nmda_single_mg": first_mg - second_mg,
            "nmda_double_mg": second_mg - slept_mg - opened_mg,
            "nmda_desensitised_mg": slept_mg,
            "nmda_open_mg": blocked + opened_mg,
        }
