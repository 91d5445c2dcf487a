"""Transmitter in the cleft and its clearance."""

from tripartite.language import Add, Input, Mechanism, Parameter, State


class CleftGlutamate(Mechanism):
    r"""Glutamate released into the perisynaptic space and cleared at a constant rate.

    **Sources** stimberg2019, section 2; values of examples 3 to 6 (example 2 has ``dilution`` 0.001).
    **Holds for** clearance far from saturation.
    """

    glutamate = State(0.0, "uM", "Y_S: glutamate around the synapse", low=0)
    release = Input("1", "r_S: fraction of resources released by a spike", low=0)

    clearance = Parameter(
        40.0, "1/s", "Omega_c: clearance rate", "stimberg2019, examples 1-6", low=0, target="glutamate transporter"
    )
    content = Parameter(500.0, "mM", "Y_T: glutamate in all vesicles", "stimberg2019, examples 1-6", low=0)
    dilution = Parameter(0.005, "1", "rho_c: vesicle to perisynaptic volume", "stimberg2019, examples 3-6", low=0)

    def rates(q):
        return {"glutamate": -q.clearance * q.glutamate}

    def on_release(q):
        return {"glutamate": Add(q.dilution * q.content * q.release)}
