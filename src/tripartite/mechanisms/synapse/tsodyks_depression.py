"""Short-term depression by resources that are spent, stay active for milliseconds, and recover slowly."""

from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State


class TsodyksDepression(Mechanism):
    r"""Release that depletes resources, which pass through an active and an inactive state on their way back.

    ``x + y`` is at most 1; what is missing is inactive. The utilization comes from another mechanism, as in
    `TsodyksMarkram`, which has no active state but facilitates.

    **Sources** tsodyks2000 without facilitation; time constants of jiang2025 (values of the simulator NEST).
    **Holds for** the mean release of a synapse.
    """

    x = State(1.0, "1", "x: fraction of available resources", low=0)
    # No range of its own: x + y <= 1 keeps it below 1, which no range of a single state can say.
    y = State(0.0, "1", "y: fraction of active resources")
    utilization = Input("1", "U: fraction of the available resources that a spike releases", low=0, high=1)
    release = Emission("1", "fraction of resources released by a spike")

    tau_rec = Parameter(800.0, "ms", "tau_rec: time constant of recovery", "jiang2025, synapse model", low=1e-6)
    tau_psc = Parameter(3.0, "ms", "tau_I: time constant of inactivation", "jiang2025, synapse model", low=1e-6)

    def rates(q):
        return {"x": (1 - q.x - q.y) / q.tau_rec, "y": -q.y / q.tau_psc}

    def on_spike(q):
        released = q.utilization * q.x

        return {"x": q.x - released, "y": Add(released), "release": released}
