"""Noradrenaline around astrocytes after a burst of the locus coeruleus."""

from tripartite.language import Add, Input, Mechanism, Parameter, State, exp, log


class Noradrenaline(Mechanism):
    r"""Extracellular noradrenaline that rises and falls exponentially after each release.

    A release of an amount raises it to that concentration at its peak; releases add.

    **Sources** wang_astroglia, files StimuliGenerator.cpp and NEStim20s: form, rise 1 s, decay 7 s, peak 79 µM.
    **Holds for** clearance far from saturation.
    **Pitfalls** Rise and decay must differ. The peak of 79 µM is the stimulus of a program, not a measurement.
    """

    noradrenaline = State(0.0, "uM", "NE: extracellular noradrenaline", low=0)
    noradrenaline_rising = State(0.0, "uM", "noradrenaline on its way to the astrocyte", low=0)
    noradrenaline_release = Input("uM", "peak of the noradrenaline that a release brings")

    rise = Parameter(1.0, "s", "tau_r: time constant of the rise", "wang_astroglia, file NEStim20s", low=1e-3)
    decay = Parameter(7.0, "s", "tau_d: time constant of the decay", "wang_astroglia, file NEStim20s", low=1e-3)

    def rates(q):
        arriving = q.noradrenaline_rising / q.rise

        return {"noradrenaline_rising": -arriving, "noradrenaline": arriving - q.noradrenaline / q.decay}

    def on_noradrenaline_release(q):
        ratio = q.decay / q.rise
        scale = exp(log(ratio) / (ratio - 1))

        return {"noradrenaline_rising": Add(scale * q.noradrenaline_release)}
