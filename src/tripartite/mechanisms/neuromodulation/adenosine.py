"""Adenosine from synaptic activity and its action on release through A1 receptors."""

from tripartite.language import Add, HalfConcentration, Input, Mechanism, Output, Parameter, State, hill


class Adenosine(Mechanism):
    r"""Adenosine that each presynaptic spike raises by a fixed amount, in units of its own scale.

    **Sources** form: first-order pool; values assumed.
    **Holds for** concentrations far below saturation of uptake.
    **Pitfalls** In units of its own scale: `PurineCascade` and `AdenosineInhibition` count in µM and do not mix.
    """

    adenosine = State(0.0, "1", "a: adenosine in units of its scale", low=0)

    increment = Parameter(0.1, "1", "kappa_a: rise per spike", "assumed: example of the model description", low=0)
    decay = Parameter(0.1, "1/s", "1/tau_a: removal rate", "assumed: example of the model description", low=0)

    def rates(q):
        return {"adenosine": -q.decay * q.adenosine}

    def on_spike(q):
        return {"adenosine": Add(q.increment)}


class AdenosineUtilization(Mechanism):
    r"""Basal release probability divided by adenosine: U(a) = U0 / (1 + alpha a).

    **Sources** form assumed (competitive inhibition of release).
    **Holds for** relative changes: only the product of ``strength`` and the scale of adenosine counts.
    """

    adenosine = Input("1", "a: adenosine in units of its scale", low=0)
    utilization = Output("1", "U_0: basal release probability")

    u0 = Parameter(0.6, "1", "U_0*: release probability without adenosine", "stimberg2019, example 1", low=0, high=1)
    strength = Parameter(
        1.0, "1", "alpha: strength of A1 inhibition", "assumed: halves release at a = 1", low=0, target="A1"
    )

    def outputs(q):
        return {"utilization": q.u0 / (1 + q.strength * q.adenosine)}


class AdenosineA1(Mechanism):
    r"""State-space model of A1 feedback on release probability, driven by a presynaptic rate.

    Adenosine builds up with the rate; the occupied fraction of A1 receptors pulls ``p`` down while
    activity itself facilitates it.

    **Sources** form and values assumed (a textbook model without published values).
    **Holds for** rates that change more slowly than ``p`` relaxes.
    """

    a = State(0.0, "1", "a: adenosine in units of its scale", low=0)
    p = State(0.3, "1", "p: release probability", low=0, high=1)
    rate = Input("Hz", "r_pre: presynaptic firing rate", low=0)
    occupancy = Output("1", "R: fraction of A1 receptors occupied")

    build_up = Parameter(0.1, "1", "kappa_a: adenosine per spike", "assumed: example of the model description", low=0)
    tau_a = Parameter(10.0, "s", "tau_a: lifetime of adenosine", "assumed: example of the model description", low=0)
    k = Parameter(1.0, "1", "K: adenosine at half occupancy", "assumed: sets the scale of adenosine", low=0)
    n = Parameter(1.0, "1", "n: Hill exponent of binding", "assumed: one site", low=0)
    p0 = Parameter(
        0.3, "1", "p_0: release probability at rest", "assumed: example of the model description", low=0, high=1
    )
    tau_p = Parameter(0.2, "s", "tau_p: relaxation time of p", "assumed: example of the model description", low=0)
    facilitation = Parameter(
        0.05, "1", "kappa_p: facilitation per spike", "assumed: example of the model description", low=0
    )
    inhibition = Parameter(
        5.0, "1/s", "gamma_p: rate of inhibition", "assumed: example of the model description", low=0, target="A1"
    )

    def outputs(q):
        return {"occupancy": hill(q.a, q.k, q.n)}

    def rates(q):
        rise = q.facilitation * q.rate * (1 - q.p)

        return {
            "a": -q.a / q.tau_a + q.build_up * q.rate,
            "p": -(q.p - q.p0) / q.tau_p + rise - q.inhibition * q.occupancy * q.p,
        }


class AdenosineInhibition(Mechanism):
    r"""Basal release probability under adenosine in µM, by its dose-response curve at a synapse.

    **Sources** half block at 12 µM, Hill exponent 0.92, at most 40 % of the postsynaptic current at the immature calyx
    of Held, by the fit of kimura2003; probability without adenosine stimberg2019; that it falls as the current does is
    assumed.
    **Holds for** adenosine that changes more slowly than its receptors; the calyx of Held of rats about a week old.
    **Pitfalls** Hippocampal synapses are blocked more: half at about 3 µM (dale2000), and 10 µM leave 28 % of the
    current (hargus2009).
    """

    adenosine = Input("uM", "ADO: extracellular adenosine")
    utilization = Output("1", "U_0: basal release probability")

    u0 = Parameter(0.6, "1", "U_0*: release probability without adenosine", "stimberg2019, example 1", low=0, high=1)
    largest_block = Parameter(
        0.4, "1", "largest fraction of release blocked", "kimura2003, legend of its fit", low=0, high=1
    )
    ic50 = Parameter(
        12.0,
        "uM",
        "IC_50: adenosine at half of it",
        "kimura2003, legend of its fit",
        low=1e-6,
        target=HalfConcentration("A1"),
    )
    steepness = Parameter(0.92, "1", "n_H: Hill exponent", "kimura2003, legend of its fit", low=0)

    def outputs(q):
        blocked = q.largest_block * hill(q.adenosine, q.ic50, q.steepness)

        return {"utilization": q.u0 * (1 - blocked)}
