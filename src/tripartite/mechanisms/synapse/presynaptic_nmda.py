"""Presynaptic NMDA receptors, through which gliotransmitter glutamate raises release."""

from tripartite.language import BindingRate, Input, Mechanism, Output, Parameter, State


class PresynapticNmda(Mechanism):
    r"""Presynaptic NMDA receptors that gliotransmitter opens and that raise the basal release probability.

    A special case of release-increasing gliotransmission (`PresynapticReceptor` with ``effect`` above ``u0``):
    binding is that of an NMDA receptor, so that release stays raised for a fraction of a second after the
    glutamate is gone, not for minutes.

    **Sources** form depitta2011 (release-increasing receptor), binding kampa2004, probability of release without it
    depitta_brunel2016; size of the effect assumed.
    **Holds for** receptors that need no depolarisation; magnesium block and calcium entry are left out.
    **Pitfalls** Slow calcium signals in the terminal may outlast the receptors; then use `PresynapticReceptor`.
    """

    prenmda_bound = State(0.0, "1", "fraction of presynaptic receptors with glutamate", low=0, high=1)
    gliotransmitter = Input("uM", "G_A: gliotransmitter around the synapse")
    utilization = Output("1", "U_0: basal release probability")

    u0 = Parameter(
        0.15, "1", "U_0*: release probability when none is bound", "depitta_brunel2016, facilitating synapse", 0, 1
    )
    raised = Parameter(0.3, "1", "release probability when all are bound", "assumed: twice that at rest", 0, 1)
    binding = Parameter(
        10.0, "1/mM/ms", "rate of binding", "kampa2004, receptors at spines", low=0, target=BindingRate("NMDA receptor")
    )
    unbinding = Parameter(5.6, "1/s", "rate of unbinding", "kampa2004, receptors at spines", low=0)

    def rates(q):
        free = 1 - q.prenmda_bound

        return {"prenmda_bound": q.binding * q.gliotransmitter * free - q.unbinding * q.prenmda_bound}

    def outputs(q):
        return {"utilization": (1 - q.prenmda_bound) * q.u0 + q.raised * q.prenmda_bound}
