"""The NMDA receptor whose magnesium block takes time and changes gating, in ten states."""

from tripartite.language import BindingRate, Input, Mechanism, Output, Parameter, State, exp

_FILE = "kampa2004, kinetic model as filed at ModelDB 50207"


class KampaNmda(Mechanism):
    r"""An NMDA receptor in ten states: five of gating, each free of magnesium or with it in the pore.

    A receptor binds glutamate (one step stands for both molecules), opens, and desensitises in two steps. With
    magnesium it closes faster, lets glutamate go faster and desensitises more, so that block is more than a
    factor on the current. ``coagonist`` is 1 until `CoagonistSites` gives it.

    **Sources** kampa2004 (neocortical pyramidal neurons; magnesium 1 mM).
    **Holds for** a saturated co-agonist site, or slow changes of it; glutamate from below 1 µM to mM.
    **Pitfalls** At -70 mV only 1.5 % of the current is left, a third of what the equation of Jahr and Stevens
    leaves (4.4 %): do not put that factor on top. After a step of potential the fast part of the unblock takes
    75 µs, so record at 10 µs.
    """

    # No upper bounds: what keeps the states below 1 is that together they are 1.
    nmda_unbound = State(1.0, "1", "U: no glutamate bound", low=0)
    nmda_closed = State(0.0, "1", "Cl: glutamate bound, closed", low=0)
    nmda_desensitised = State(0.0, "1", "D_1: desensitised", low=0)
    nmda_deeply_desensitised = State(0.0, "1", "D_2: desensitised for long", low=0)
    nmda_open = State(0.0, "1", "O: open", low=0)
    nmda_unbound_mg = State(0.0, "1", "U_Mg: no glutamate bound, blocked", low=0)
    nmda_closed_mg = State(0.0, "1", "Cl_Mg: glutamate bound, closed, blocked", low=0)
    nmda_desensitised_mg = State(0.0, "1", "D1_Mg: desensitised, blocked", low=0)
    nmda_deeply_desensitised_mg = State(0.0, "1", "D2_Mg: desensitised for long, blocked", low=0)
    nmda_open_mg = State(0.0, "1", "O_Mg: open gate, blocked pore", low=0)
    glutamate = Input("uM", "G: glutamate at the receptor")
    v = Input("mV", "V: membrane potential")
    nmda_current = Output("pA", "I_NMDA: outward current")

    conductance = Parameter(0.5, "nS", "g: conductance with all open", "assumed: one synapse", low=0)
    reversal = Parameter(5.0, "mV", "E: reversal potential", _FILE)
    magnesium = Parameter(1.0, "mM", "Mg: extracellular magnesium", _FILE, low=0)
    coagonist = Parameter(1.0, "1", "theta: share of receptors with co-agonist", "assumed: saturated", low=0, high=1)
    binding = Parameter(10.0, "1/mM/ms", "R_b: glutamate binds", _FILE, low=0, target=BindingRate("NMDA receptor"))
    unbinding = Parameter(5.6, "1/s", "R_u: glutamate leaves", _FILE, low=0)
    opening = Parameter(10.0, "1/s", "R_o: the gate opens", _FILE, low=0)
    closing = Parameter(273.0, "1/s", "R_c: the gate closes", _FILE, low=0)
    desensitising = Parameter(2.2, "1/s", "R_d1: desensitisation", _FILE, low=0)
    resensitising = Parameter(1.6, "1/s", "R_r1: recovery from desensitisation", _FILE, low=0)
    deepening = Parameter(0.43, "1/s", "R_d2: desensitisation deepens", _FILE, low=0)
    lightening = Parameter(0.5, "1/s", "R_r2: return from deep desensitisation", _FILE, low=0)
    unbinding_mg = Parameter(17.1, "1/s", "R_uMg: glutamate leaves when blocked", _FILE, low=0)
    closing_mg = Parameter(548.0, "1/s", "R_cMg: the gate closes when blocked", _FILE, low=0)
    desensitising_mg = Parameter(2.1, "1/s", "R_d1Mg: desensitisation when blocked", _FILE, low=0)
    resensitising_mg = Parameter(0.87, "1/s", "R_r1Mg: recovery when blocked", _FILE, low=0)
    deepening_mg = Parameter(0.26, "1/s", "R_d2Mg: desensitisation deepens when blocked", _FILE, low=0)
    lightening_mg = Parameter(0.42, "1/s", "R_r2Mg: return from deep desensitisation when blocked", _FILE, low=0)
    block = Parameter(50.0, "1/mM/s", "magnesium enters the open pore", _FILE, low=0)
    unblock = Parameter(12800.0, "1/s", "magnesium leaves the open pore", _FILE, low=0)
    block_closed = Parameter(0.05, "1/mM/s", "magnesium enters a pore that is not open", _FILE, low=0)
    unblock_unbound = Parameter(2.438312, "1/s", "magnesium leaves U_Mg", _FILE, low=0)
    unblock_closed = Parameter(5.041915, "1/s", "magnesium leaves Cl_Mg", _FILE, low=0)
    unblock_desensitised = Parameter(2.98874, "1/s", "magnesium leaves D1_Mg", _FILE, low=0)
    unblock_deeply = Parameter(2.953408, "1/s", "magnesium leaves D2_Mg", _FILE, low=0)
    v_block = Parameter(40.0, "mV", "potential at which the rates of block are given", _FILE)
    v_scale = Parameter(25.0, "mV", "thermal voltage", _FILE, low=1e-6)
    valence_in = Parameter(1.6, "1", "2 delta: voltage dependence of entering", _FILE, low=0)
    valence_out = Parameter(0.4, "1", "2 (1 - delta): voltage dependence of leaving", _FILE, low=0)

    def outputs(q):
        return {"nmda_current": q.conductance * q.coagonist * q.nmda_open * (q.v - q.reversal)}

    def rates(q):
        bind = q.binding * q.glutamate
        drive = (q.v - q.v_block) / q.v_scale
        enter, leave = q.magnesium * exp(-q.valence_in * drive), exp(q.valence_out * drive)

        bound = bind * q.nmda_unbound - q.unbinding * q.nmda_closed
        opened = q.opening * q.nmda_closed - q.closing * q.nmda_open
        slept = q.desensitising * q.nmda_closed - q.resensitising * q.nmda_desensitised
        sunk = q.deepening * q.nmda_desensitised - q.lightening * q.nmda_deeply_desensitised
        bound_mg = bind * q.nmda_unbound_mg - q.unbinding_mg * q.nmda_closed_mg
        opened_mg = q.opening * q.nmda_closed_mg - q.closing_mg * q.nmda_open_mg
        slept_mg = q.desensitising_mg * q.nmda_closed_mg - q.resensitising_mg * q.nmda_desensitised_mg
        sunk_mg = q.deepening_mg * q.nmda_desensitised_mg - q.lightening_mg * q.nmda_deeply_desensitised_mg
        blocked = {
            "unbound": q.block_closed * enter * q.nmda_unbound - q.unblock_unbound * leave * q.nmda_unbound_mg,
            "closed": q.block_closed * enter * q.nmda_closed - q.unblock_closed * leave * q.nmda_closed_mg,
            "desensitised": q.block_closed * enter * q.nmda_desensitised
            - q.unblock_desensitised * leave * q.nmda_desensitised_mg,
            "deeply": q.block_closed * enter * q.nmda_deeply_desensitised
            - q.unblock_deeply * leave * q.nmda_deeply_desensitised_mg,
            "open": q.block * enter * q.nmda_open - q.unblock * leave * q.nmda_open_mg,
        }

        return {
            "nmda_unbound": -bound - blocked["unbound"],
            "nmda_closed": bound - opened - slept - blocked["closed"],
            "nmda_desensitised": slept - sunk - blocked["desensitised"],
            "nmda_deeply_desensitised": sunk - blocked["deeply"],
            "nmda_open": opened - blocked["open"],
            "nmda_unbound_mg": blocked["unbound"] - bound_mg,
            "nmda_closed_mg": blocked["closed"] + bound_mg - opened_mg - slept_mg,
            "nmda_desensitised_mg": blocked["desensitised"] + slept_mg - sunk_mg,
            "nmda_deeply_desensitised_mg": blocked["deeply"] + sunk_mg,
            "nmda_open_mg": blocked["open"] + opened_mg,
        }
