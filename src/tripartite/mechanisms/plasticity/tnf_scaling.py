"""Synaptic scaling by TNF-alpha from glia, and the rate of a neuron whose synapses are scaled."""

from tripartite.language import Input, Mechanism, Output, Parameter, State

_OWN = "assumed: own choice, the published values were not accessible"


class TnfScaling(Mechanism):
    r"""Excitatory synapses that TNF-alpha scales up and inhibitory ones that it scales down, over hours.

    All synapses of a kind are multiplied by the same factor, so that their proportions stay.

    **Sources** form savin2009 (excitation); that inhibition goes down is assumed; values assumed.
    **Holds for** hours to days. Nothing limits the factors but the activity that they change.
    **Pitfalls** With TNF-alpha held above 1 the factors grow without end: that is the over-expression of savin2009.
    Without TNF-alpha other mechanisms still scale synapses down; they are not part of this.
    """

    excitation = State(1.0, "1", "w_e: scale of excitatory synapses", low=0)
    inhibition = State(1.0, "1", "w_i: scale of inhibitory synapses", low=0)
    tnf = Input("1", "T: TNF-alpha relative to that at the target rate", low=0)

    scaling_time = Parameter(12.0, "hour", "tau_w: time constant of scaling", _OWN, low=1e-6)
    excitatory_gain = Parameter(0.5, "1", "kappa: effect on excitation", _OWN, low=0)
    inhibitory_gain = Parameter(0.25, "1", "kappa_i: effect on inhibition", _OWN, low=0)

    def rates(q):
        signal = (q.tnf - 1) / q.scaling_time

        return {
            "excitation": q.excitatory_gain * signal * q.excitation,
            "inhibition": -q.inhibitory_gain * signal * q.inhibition,
        }


class ScaledRate(Mechanism):
    r"""Rate of a neuron in proportion to its drive and to the balance of its scaled synapses.

    **Sources** form and values assumed: the simplest neuron that closes the loop of scaling.
    **Holds for** mean rates over minutes, far from saturation.
    """

    excitation = Input("1", "w_e: scale of excitatory synapses", low=0)
    inhibition = Input("1", "w_i: scale of inhibitory synapses", low=0)
    rate = Output("Hz", "mean rate of the neuron")

    drive = Parameter(5.0, "Hz", "rate with unscaled synapses", "assumed: the target of `GlialTnf`", low=0)

    def outputs(q):
        return {"rate": q.drive * q.excitation / q.inhibition}
