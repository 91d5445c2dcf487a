"""Weights that a third factor lets change: later, by an eligibility trace; at the change; or at the spike."""

from tripartite.language import Add, Input, Mechanism, Output, Parameter, State


class EligibilityWeight(Mechanism):
    r"""A weight into which a third factor turns the trace that changes leave.

    With a third factor of 1 throughout, the final change is that of `Weight`.

    **Sources** fremaux_gerstner2016.
    **Holds for** weights far from any bound.
    """

    eligibility = State(0.0, "1", "e: eligibility trace")
    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    change = Input("1", "change at a spike", default=0)
    drift = Input("1/s", "change in time", default=0)
    gate = Input("1", "g_a: third factor")

    tau_e = Parameter(1.0, "s", "tau_e: lifetime of eligibility", "assumed: cortical range 1-10 s", low=0)

    def rates(q):
        return {
            "eligibility": q.drift - q.eligibility / q.tau_e,
            "weight": q.gate * q.eligibility / q.tau_e,
        }

    def on_change(q):
        return {"eligibility": Add(q.change)}


class GatedWeight(Mechanism):
    r"""A weight that takes changes in proportion to the third factor at that time.

    **Sources** fremaux_gerstner2016 (a third factor that scales learning).
    **Holds for** weights far from any bound.
    """

    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    change = Input("1", "change at a spike", default=0)
    drift = Input("1/s", "change in time", default=0)
    gate = Input("1", "g_a: third factor")

    def rates(q):
        return {"weight": q.gate * q.drift}

    def on_change(q):
        return {"weight": Add(q.gate * q.change)}


class PostspikeGate(Mechanism):
    r"""Lets a postsynaptic spike count in pairs by how far the gate of the astrocyte is open at it.

    With `PairStdp` and `Weight` this is the three-factor rule in which a pair changes the weight by
    f(t_post - t_pre) g_a(t_post): when the presynaptic spike completes the pair, the gate is still the one at t_post.

    **Sources** fremaux_gerstner2016.
    **Holds for** gates that act on the rule, not on what becomes of its change (`GatedWeight`).
    """

    gate = Input("1", "g_a: gate of the astrocyte", low=0, high=1)
    salience = Output("1", "s: how much a postsynaptic spike counts", supersedes=True)

    def outputs(q):
        return {"salience": q.gate}
