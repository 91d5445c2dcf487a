"""Potassium that spikes leave behind: the simple buffer for networks."""

from tripartite.language import Add, Mechanism, Parameter, State


class SpikePotassium(Mechanism):
    r"""Potassium around a neuron: each of its spikes leaves an amount, and the surroundings take it up.

    Add `GlialPotassiumUptake` for an uptake that grows with potassium, and `PotassiumNernst` for a neuron that
    feels it.

    **Sources** assumed: the simplest account in proportion to spikes, for networks.
    **Holds for** potassium averaged over many spikes; amount and time constant are to be chosen for the tissue.
    """

    potassium_out = State(4.0, "mM", "K_o: potassium outside", low=0, supersedes=True)

    per_spike = Parameter(
        0.01, "mM", "kappa: potassium left by a spike", "assumed: 1 mM after a hundred spikes", low=0, high=10
    )
    potassium_rest = Parameter(4.0, "mM", "K_b: potassium at rest", "cressman2009, rest", low=0, high=200)
    tau_potassium = Parameter(
        2.0,
        "s",
        "tau_K: time constant of removal",
        "assumed: uptake within seconds (sibille2015, abstract)",
        low=0.01,
        high=1e4,
    )

    def rates(q):
        return {"potassium_out": -(q.potassium_out - q.potassium_rest) / q.tau_potassium}

    def on_spike(q):
        return {"potassium_out": Add(q.per_spike)}
