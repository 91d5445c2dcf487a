"""IP3 that a stimulus lifts and that falls back by itself, as a given course in time."""

from tripartite.language import Input, Mechanism, Parameter, State, exp, log


class Ip3Transient(Mechanism):
    r"""IP3 that rises towards a peak while ``stimulus`` is 1 and decays exponentially while it is 0.

    ``Pulses("stimulus", 1, [20] * s, 17 * s)`` gives the published course exactly: a saturating rise that
    reaches ``peak`` after ``rise``, and a decay that leaves ``remainder`` after ``decay`` more.

    **Sources** handy2017, program of its authors (ModelDB 189344).
    **Holds for** uncaging and puffs of agonist; calcium does not act back on IP3.
    **Pitfalls** The peak is reached only by a pulse that lasts ``rise``: give both the same time.
    """

    ip3 = State(0.0, "uM", "I: IP3 in the cytosol", low=0)
    stimulus = Input("1", "1 while the stimulus lasts, else 0", low=0, high=1)

    peak = Parameter(0.375, "uM", "A: peak of IP3", "handy2017, ModelDB 189344", low=0.005)
    rise = Parameter(17.0, "s", "d_rise: duration of the rise", "handy2017, ModelDB 189344", low=1e-3)
    rise_rate = Parameter(0.002, "1/s", "r_rise: rate of the rise", "handy2017, ModelDB 189344", low=1e-6)
    decay = Parameter(97.0, "s", "d_decay: duration of the decay", "handy2017, ModelDB 189344", low=1e-3)
    remainder = Parameter(0.005, "uM", "IP3 left after the decay", "handy2017, ModelDB 189344", low=1e-6)

    def rates(q):
        ceiling = q.peak / (1 - exp(-q.rise_rate * q.rise))
        decay_rate = log(q.peak / q.remainder) / q.decay

        rises = q.rise_rate * (ceiling - q.ip3)
        return {"ip3": q.stimulus * rises - (1 - q.stimulus) * decay_rate * q.ip3}
