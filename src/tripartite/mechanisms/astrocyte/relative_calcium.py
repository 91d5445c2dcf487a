"""Calcium of cytosol and store in relative units: an excitable compartment with a handful of numbers."""

from tripartite.language import Mechanism, Parameter, State, hill

_TEXT = "cresswell_clay2018; value of the authors' program"
_CLOCK = "assumed: the model has no unit of time; 1 s stands for one of its units. Value cresswell_clay2018, program"


class RelativeCalcium(Mechanism):
    r"""Calcium of cytosol and store in relative units: rest, one excitable event, or oscillation by influx.

    Calcium enters at a constant influx and leaves in proportion to itself, so that at rest it equals the influx; the
    store takes it up, leaks, and releases it when calcium and store are both high.

    **Sources** cresswell_clay2018, equations and values of the authors' program.
    **Holds for** the kinds of behaviour of one well-mixed process or soma, in relative units.
    **Pitfalls** Concentrations have no unit, so nothing here can be wired to a quantity in µM. Time has none either in
    the paper; one of its units is taken as 1 s here, and no duration of this model is a prediction in seconds.
    """

    ca = State(0.31, "1", "c: calcium in the cytosol, relative", low=0)
    ca_er = State(1.0, "1", "e: calcium in the store, relative", low=0)

    influx = Parameter(0.31, "1", "r: influx from outside", _TEXT, low=0)
    uptake = Parameter(0.13, "1", "c_1: largest uptake into the store", _TEXT, low=0)
    release_half = Parameter(1.0, "1", "c_2: calcium that half-opens the store", _TEXT, low=1e-6)
    leak = Parameter(0.004, "1", "c_3: leak from the store", _TEXT, low=0)
    store_weight = Parameter(50.0, "1", "c_4: exchange with the store, relative to that with outside", _TEXT, low=0)
    ca_tau = Parameter(8.0, "s", "tau: time constant of calcium in the cytosol", _CLOCK, low=1e-6)
    store_tau = Parameter(0.32, "s", "epsilon tau: time constant of the store, 0.04 of the other", _CLOCK, low=1e-6)

    def rates(q):
        taken_up = q.uptake * hill(q.ca, 1, 2)
        released = hill(q.ca_er, 1, 2) * hill(q.ca, q.release_half, 4)
        into_store = taken_up - released - q.leak * q.ca_er

        return {
            "ca": (q.influx - q.store_weight * into_store - q.ca) / q.ca_tau,
            "ca_er": into_store / q.store_tau,
        }
