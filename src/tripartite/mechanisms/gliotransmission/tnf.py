"""Tumour necrosis factor, by which glia tell neurons over hours that they are too quiet."""

from tripartite.language import Input, Mechanism, Parameter, State, hill

_OWN = "assumed: own choice, the published values were not accessible"


class GlialTnf(Mechanism):
    r"""TNF-alpha that glia release the more, the less active the neurons around them are, over hours.

    Its level is relative to that at the target rate, where it is 1 if ``largest`` is 2.

    **Sources** form savin2009 (glia sense activity and release TNF-alpha when it is low), in the simplest shape that
    does so; values assumed.
    **Holds for** hours to days; mean rates, not spikes.
    **Pitfalls** No value is measured: the times and the steepness are a construction, only signs can be compared.
    """

    sensed = State(5.0, "Hz", "s: rate that the glia sense", low=0)
    tnf = State(1.0, "1", "T: TNF-alpha relative to that at the target rate", low=0)
    rate = Input("Hz", "mean rate of the neurons around", low=0)

    target = Parameter(5.0, "Hz", "s_0: rate at which nothing changes", _OWN, low=1e-6)
    sensing = Parameter(1.0, "hour", "tau_s: time constant of sensing", _OWN, low=1e-6)
    turnover = Parameter(1 / 12, "1/hour", "k_T: rate at which TNF-alpha is replaced", _OWN, low=0)
    largest = Parameter(2.0, "1", "T_max: TNF-alpha in silence", _OWN, low=0)
    steepness = Parameter(4.0, "1", "n: Hill exponent of the sensed rate", _OWN, low=0)

    def rates(q):
        supplied = q.largest * (1 - hill(q.sensed, q.target, q.steepness))

        return {"sensed": (q.rate - q.sensed) / q.sensing, "tnf": q.turnover * (supplied - q.tnf)}
