"""Calcium that spikes bring into a soma."""

from tripartite.language import Add, Mechanism, Parameter, State


class SpikeCalcium(Mechanism):
    r"""Somatic calcium of a neuron: every spike lets a fixed amount in, and it is pumped out at one rate.

    An indicator in the same compartment shows it: ``Compartment(SpikeCalcium(), KineticGcamp())``.

    **Sources** assumed: the simplest calcium that spikes can have; sizes differ between cells and buffers.
    **Holds for** rates at which pumps and buffers do not saturate; no store takes part.
    """

    ca = State(0.05, "uM", "C: free calcium in the cytosol", low=0)

    influx = Parameter(0.1, "uM", "rise of free calcium with a spike", "assumed: to be fitted", low=0, high=10)
    clearance_time = Parameter(
        0.3, "s", "tau_C: time constant of clearance", "assumed: to be fitted", low=1e-4, high=100
    )
    ca_rest = Parameter(0.05, "uM", "C_0: resting calcium", "assumed: as of the indicators", low=0, high=10)

    def rates(q):
        return {"ca": (q.ca_rest - q.ca) / q.clearance_time}

    def on_spike(q):
        return {"ca": Add(q.influx)}
