"""Short-term plasticity of transmitter release: resources and their utilization."""

from tripartite.language import Emission, Input, Mechanism, Output, Parameter, State


class TsodyksMarkram(Mechanism):
    r"""Release that depletes resources and facilitates its own utilization, spike by spike.

    At a spike the utilization ``u`` grows first, then the fraction u x of the resources is released.
    The basal release probability comes from another mechanism as ``utilization``, so that gliotransmitters
    and adenosine can act on it. Named sets: `tripartite.parameters.depitta_brunel2016`.

    **Sources** tsodyks1998 in the two-variable form of depitta2011; values stimberg2019, example 1.
    **Holds for** the mean release of a synapse; quantal variability is not included.
    """

    u = State(0.0, "1", "u_S: utilization left from earlier spikes", low=0, high=1)
    x = State(1.0, "1", "x_S: fraction of available resources", low=0, high=1)
    utilization = Input("1", "U_0: basal release probability", low=0, high=1)
    release = Emission("1", "r_S: fraction of resources released by a spike")

    recovery = Parameter(2.0, "1/s", "Omega_d: rate of recovery of resources", "stimberg2019, example 1", low=0)
    facilitation = Parameter(3.33, "1/s", "Omega_f: decay rate of utilization", "stimberg2019, example 1", low=0)

    def rates(q):
        return {"u": -q.facilitation * q.u, "x": q.recovery * (1 - q.x)}

    def on_spike(q):
        u = q.u + q.utilization * (1 - q.u)
        released = u * q.x

        return {"u": u, "x": q.x - released, "release": released}


class MeanTsodyksMarkram(Mechanism):
    r"""`TsodyksMarkram` in the mean over Poisson spikes of a given rate.

    ``released`` is what one spike releases. Utilization and resources are taken as independent, which they
    are not: a spike soon after another finds more utilization and fewer resources.

    **Sources** tsodyks1998; depitta2011; values stimberg2019, example 1.
    **Holds for** rates that change slowly; for Poisson trains of 1 to 10 Hz it is 1 to 5 % too high.
    """

    u = State(0.0, "1", "u_S: mean utilization before a spike", low=0, high=1)
    x = State(1.0, "1", "x_S: mean fraction of available resources", low=0, high=1)
    spike_rate = Input("Hz", "f_in: rate of presynaptic spikes", low=0)
    utilization = Input("1", "U_0: basal release probability", low=0, high=1)
    released = Output("1", "r_S: mean fraction of resources released by a spike")

    recovery = Parameter(2.0, "1/s", "Omega_d: rate of recovery of resources", "stimberg2019, example 1", low=0)
    facilitation = Parameter(3.33, "1/s", "Omega_f: decay rate of utilization", "stimberg2019, example 1", low=0)

    def rates(q):
        used = q.u + q.utilization * (1 - q.u)

        return {
            "u": q.spike_rate * q.utilization * (1 - q.u) - q.facilitation * q.u,
            "x": q.recovery * (1 - q.x) - q.spike_rate * used * q.x,
        }

    def outputs(q):
        return {"released": (q.u + q.utilization * (1 - q.u)) * q.x}


class FixedUtilization(Mechanism):
    r"""A basal release probability that nothing modulates.

    **Sources** stimberg2019, example 1.
    **Holds for** synapses without receptors that change release, or with these blocked.
    """

    utilization = Output("1", "U_0: basal release probability")

    u0 = Parameter(0.6, "1", "U_0*: basal release probability", "stimberg2019, example 1", low=0, high=1)

    def outputs(q):
        return {"utilization": q.u0}
