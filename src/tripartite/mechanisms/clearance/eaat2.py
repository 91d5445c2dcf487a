"""The cycle of the glutamate transporter EAAT2 (GLT-1) in six states."""

from tripartite.language import BindingRate, Input, Mechanism, Output, Parameter, State, exp

_FILE = "savtchenko2018, file GluTrans.mod of the simulator ASTRO"


class Eaat2(Mechanism):
    r"""A glutamate transporter that binds glutamate, then sodium, carries them in, and returns with potassium.

    Binding and unbinding act on the ``glutamate`` outside at the concentration ``transporters``, so that fast
    transients are buffered before they are carried in. ``turnover`` is what one transporter carries in.

    **Sources** rates savtchenko2018, file GluTrans.mod; density lehre_danbolt1998 (CA1, in a fifth of the tissue).
    **Holds for** one binding sodium of the three carried, as in the file; glutamate inside is held. The scheme of the
    file is one of EAAC1 (EAAT3) with adjusted constants; none was fitted to EAAT2.
    **Pitfalls** As the file writes it, depolarisation speeds uptake up, against the physiology of these
    transporters. Here the sign of the potential is turned (``polarity`` -1): uptake falls from 8.3 per second at
    -85 mV to 3.0 at 0 mV. ``polarity`` 1 is the file's own convention, with which its stored start agrees.
    Uptake stops at 0.21 µM outside (-85 mV): below that the cycle runs backwards and releases glutamate.
    """

    # No upper bounds: what keeps the states below 1 is that together they are 1.
    eaat_empty_out = State(0.9074, "1", "C_1: facing outside, empty", low=0)
    eaat_glutamate_out = State(0.0199, "1", "C_2: facing outside, with glutamate", low=0)
    eaat_loaded_out = State(0.0435, "1", "C_3: facing outside, with glutamate and sodium", low=0)
    eaat_loaded_in = State(0.0103, "1", "C_4: facing inside, with glutamate and sodium", low=0)
    eaat_sodium_in = State(0.0142, "1", "C_5: facing inside, with sodium", low=0)
    eaat_empty_in = State(0.0047, "1", "C_6: facing inside, empty", low=0)
    glutamate = Input("uM", "G: glutamate outside")
    v = Input("mV", "V: membrane potential of the astrocytic process")
    turnover = Output("1/s", "glutamate carried in by one transporter")

    transporters = Parameter(
        126.0, "uM", "transporters in the extracellular volume", "lehre_danbolt1998, GLT and GLAST in CA1", low=0
    )
    sodium_out = Parameter(150.0, "mM", "Na_o: sodium outside", _FILE, low=0)
    sodium_in = Parameter(15.0, "mM", "Na_i: sodium inside", _FILE, low=0)
    potassium_out = Parameter(3.0, "mM", "K_o: potassium outside", _FILE, low=0)
    potassium_in = Parameter(120.0, "mM", "K_i: potassium inside", _FILE, low=0)
    glutamate_in = Parameter(0.3, "mM", "Glu_i: glutamate inside", _FILE, low=0)
    bind_glutamate = Parameter(
        20.0, "1/mM/ms", "k_12: glutamate binds outside", _FILE, low=0, target=BindingRate("glutamate transporter")
    )
    free_glutamate = Parameter(0.1, "1/ms", "k_21: glutamate leaves to the outside", _FILE, low=0)
    bind_sodium = Parameter(0.015, "1/mM/ms", "k_23: sodium binds outside", _FILE, low=0)
    free_sodium = Parameter(0.5, "1/ms", "k_32: sodium leaves to the outside", _FILE, low=0)
    carry_in = Parameter(0.2, "1/ms", "k_34: the loaded carrier turns inside", _FILE, low=0)
    carry_out = Parameter(0.6, "1/ms", "k_43: the loaded carrier turns outside", _FILE, low=0)
    deliver_glutamate = Parameter(4.0, "1/ms", "k_45: glutamate leaves to the inside", _FILE, low=0)
    rebind_glutamate = Parameter(10.0, "1/mM/ms", "k_54: glutamate binds inside", _FILE, low=0)
    deliver_sodium = Parameter(1.0, "1/ms", "k_56: sodium leaves to the inside", _FILE, low=0)
    rebind_sodium = Parameter(0.1, "1/mM/ms", "k_65: sodium binds inside", _FILE, low=0)
    return_out = Parameter(2e-4, "1/mM/ms", "k_61: return to the outside with potassium", _FILE, low=0)
    return_in = Parameter(0.0016, "1/mM/ms", "k_16: turn to the inside with potassium", _FILE, low=0)
    thermal = Parameter(26.7, "mV", "RT/F: thermal voltage", _FILE, low=1e-6)
    polarity = Parameter(
        -1.0, "1", "sign of the potential", "assumed: uptake must fall with depolarisation (the file has 1)", -1, 1
    )
    theta_glutamate = Parameter(-0.1, "1", "theta_12: valence of glutamate binding", _FILE, low=-1, high=1)
    theta_sodium = Parameter(0.5, "1", "theta_23: valence of sodium binding", _FILE, low=-1, high=1)
    theta_carry = Parameter(0.4, "1", "theta_34: valence of the turn inside", _FILE, low=-1, high=1)
    theta_deliver = Parameter(0.6, "1", "theta_56: valence of sodium's way inside", _FILE, low=-1, high=1)
    theta_return = Parameter(0.6, "1", "theta_16: valence of the empty turn inside", _FILE, low=-1, high=1)

    def outputs(q):
        delivered = q.deliver_glutamate * q.eaat_loaded_in - q.rebind_glutamate * q.glutamate_in * q.eaat_sodium_in

        return {"turnover": delivered}

    def rates(q):
        drive = q.polarity * q.v / (2 * q.thermal)
        bound = (
            q.bind_glutamate * exp(q.theta_glutamate * drive) * q.glutamate * q.eaat_empty_out
            - q.free_glutamate * q.eaat_glutamate_out
        )
        loaded = (
            q.bind_sodium * exp(q.theta_sodium * drive) * q.sodium_out * q.eaat_glutamate_out
            - q.free_sodium * q.eaat_loaded_out
        )
        carried = q.carry_in * exp(q.theta_carry * drive) * q.eaat_loaded_out - q.carry_out * q.eaat_loaded_in
        unloaded = (
            q.deliver_sodium * exp(q.theta_deliver * drive) * q.eaat_sodium_in
            - q.rebind_sodium * q.sodium_in * q.eaat_empty_in
        )
        returned = (
            q.return_out * q.potassium_in * q.eaat_empty_in
            - q.return_in * exp(q.theta_return * drive) * q.potassium_out * q.eaat_empty_out
        )

        return {
            "eaat_empty_out": returned - bound,
            "eaat_glutamate_out": bound - loaded,
            "eaat_loaded_out": loaded - carried,
            "eaat_loaded_in": carried - q.turnover,
            "eaat_sodium_in": q.turnover - unloaded,
            "eaat_empty_in": unloaded - returned,
            "glutamate": -q.transporters * bound,
        }
