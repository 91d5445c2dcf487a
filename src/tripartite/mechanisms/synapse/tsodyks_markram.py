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
    utilization = Input("1", "U_0: basal release probability")
    release = Emission("1", "r_S: fraction of resources released by a spike")

    recovery = Parameter(2.0, "1/s", "Omega_d: rate of recovery of resources", "stimberg2019, example 1", low=0)
    facilitation = Parameter(3.33, "1/s", "Omega_f: decay rate of utilization", "stimberg2019, example 1", low=0)

    def rates(q):
        return {"u": -q.facilitation * q.u, "x": q.recovery * (1 - q.x)}

    def on_spike(q):
        u = q.u + q.utilization * (1 - q.u)
        released = u * q.x

        return {"u": u, "x": q.x - released, "release": released}


class FixedUtilization(Mechanism):
    r"""A basal release probability that nothing modulates.

    **Sources** stimberg2019, example 1.
    """

    utilization = Output("1", "U_0: basal release probability")

    u0 = Parameter(0.6, "1", "U_0*: basal release probability", "stimberg2019, example 1", low=0, high=1)

    def outputs(q):
        return {"utilization": q.u0}
