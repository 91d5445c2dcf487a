"""How bursts of presynaptic spikes slow uptake for some ten milliseconds."""

from tripartite.language import Add, Mechanism, Output, Parameter, State, hill


class ActivitySlowing(Mechanism):
    r"""Uptake slowed by bursts of presynaptic spikes, whatever they release, at this synapse only.

    A trace counts recent spikes; the slowing rises with it as a Hill function. It gives ``activity_factor``
    to an uptake in its compartment.

    **Sources** armbruster2016, abstract: up to threefold, more with frequency and duration, over within
    50 ms, independent of the glutamate released, at active synapses only. The form and its constants are assumed.
    **Holds for** synapses like those measured, in slices of mouse cortex; the mechanism (potassium and
    depolarisation, see `TransporterVoltage`) is not modelled here: do not count it twice.
    **Pitfalls** A lone spike slows uptake too, by 3 %; experiments give the slowing relative to that.
    """

    recent_spikes = State(0.0, "1", "A: trace of presynaptic spikes", low=0)
    activity_factor = Output("1", "phi_act: uptake relative to that without activity", supersedes=True)

    tau_spikes = Parameter(20.0, "ms", "tau_A: lifetime of the trace", "assumed: normal uptake after 50 ms", low=1e-3)
    largest_slowing = Parameter(3.0, "1", "largest slowing", "armbruster2016, abstract", low=1)
    half_slowing = Parameter(2.0, "1", "trace at half the slowing", "assumed: 30 Hz slows little", low=1e-6)
    cooperation = Parameter(6.0, "1", "n: steepness of the slowing", "assumed: lone spikes slow little", low=1)

    def rates(q):
        return {"recent_spikes": -q.recent_spikes / q.tau_spikes}

    def outputs(q):
        slowed = hill(q.recent_spikes, q.half_slowing, q.cooperation)

        return {"activity_factor": 1 / (1 + (q.largest_slowing - 1) * slowed)}

    def on_spike(q):
        return {"recent_spikes": Add(1)}
