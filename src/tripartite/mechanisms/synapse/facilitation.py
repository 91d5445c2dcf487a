"""Facilitation and absolute strength: what the synapses of Tsodyks, Pawelzik and Markram add to depression."""

from tripartite.language import Input, Mechanism, Output, Parameter, State


class FacilitatingUtilization(Mechanism):
    r"""Utilization that each spike raises and that decays in between; `TsodyksDepression` takes it.

    ``utilization`` is what a spike at this moment would use, its own rise included.

    **Sources** tsodyks1998; values of its facilitating synapse.
    **Holds for** the mean release of a synapse.
    """

    facilitated = State(0.0, "1", "u: utilization left from earlier spikes", low=0, high=1)
    utilization = Output("1", "u_1: fraction of the available resources that a spike releases")

    u0 = Parameter(0.03, "1", "U: utilization of a rested synapse", "tsodyks1998, facilitating synapse", 0, 1)
    tau_facil = Parameter(
        530.0, "ms", "tau_facil: decay of facilitation", "tsodyks1998, facilitating synapse", low=1e-6
    )

    def rates(q):
        return {"facilitated": -q.facilitated / q.tau_facil}

    def outputs(q):
        return {"utilization": q.facilitated + q.u0 * (1 - q.facilitated)}

    def on_spike(q):
        return {"facilitated": q.utilization}


class ActiveResources(Mechanism):
    r"""Synaptic current in proportion to the resources that are active: the absolute strength of a synapse.

    **Sources** tsodyks1998.
    **Holds for** currents that do not depend on the membrane potential.
    """

    y = Input("1", "y: fraction of active resources", low=0, high=1)
    synaptic_current = Output("pA", "I_syn: current into the postsynaptic neuron")

    strength = Parameter(250.0, "pA", "A: current when everything is active", "tsodyks1998, depressing synapse", low=0)

    def outputs(q):
        return {"synaptic_current": q.strength * q.y}
