"""Calcium of a spontaneously active astrocyte: two stores that exchange, and entry that refills them."""

from tripartite.language import Input, Mechanism, Parameter, State, hill, where

_SOURCE = "lavrentovich_hemkin2008, as coded in ModelDB 112547"


class LavrentovichHemkin(Mechanism):
    r"""Spontaneous release of calcium from an ER that constant entry from outside refills.

    Release needs IP3 and is bell-shaped in cytosolic calcium; it has no slow inactivation. The ER fills
    over minutes, empties in a burst, and what left the cell must enter again: entry sets the pace.

    **Sources** lavrentovich_hemkin2008, as coded in ModelDB 112547.
    **Holds for** ``ca_er`` counted per volume of cytosol; what leaves one enters the other unscaled.
    **Pitfalls** Oscillates for entry between about 0.024 and 0.06 µM/s only, with periods of minutes that
    grow towards the lower end. Of four models that manninen2017 wrote anew, this one among them, only one followed
    from its publication and errata alone; values and equations here are those of the program. The cell is open as it
    is and counts ``ca_er`` per volume of cytosol: `TotalCalcium`, and with it pumps and entry that add to
    ``ca_total``, do not combine with it.
    """

    ca = State(0.1, "uM", "X: free calcium in the cytosol", low=0)
    ca_er = State(1.5, "uM", "Y: free calcium in the ER, per volume of cytosol", low=0)
    ip3 = Input("uM", "Z: IP3 in the cytosol")

    entry = Parameter(0.05, "uM/s", "v_in: calcium entry from outside", _SOURCE, low=0)
    extrusion = Parameter(0.5, "1/s", "k_out: rate of extrusion", _SOURCE, low=0)
    uptake = Parameter(15.0, "uM/s", "v_M2: largest uptake by SERCA", _SOURCE, low=0, target="SERCA")
    k_serca = Parameter(0.1, "uM", "k_2: calcium for half-maximal SERCA uptake", _SOURCE, low=0)
    release = Parameter(
        40.0, "1/s", "v_M3: largest release rate through IP3 receptors", _SOURCE, low=0, target="IP3 receptor"
    )
    k_activation = Parameter(0.15, "uM", "k_CaA: calcium that half-activates release", _SOURCE, low=0)
    k_inhibition = Parameter(0.15, "uM", "k_CaI: calcium that half-inhibits release", _SOURCE, low=0)
    k_ip3 = Parameter(0.1, "uM", "k_IP3: IP3 that half-activates release", _SOURCE, low=0)
    calcium_exponent = Parameter(2.02, "1", "n: Hill exponent of calcium", _SOURCE, low=0)
    ip3_exponent = Parameter(2.2, "1", "m: Hill exponent of IP3", _SOURCE, low=0)
    leak = Parameter(0.5, "1/s", "k_f: leak rate from the ER", _SOURCE, low=0)

    def rates(q):
        positive_ca = where(q.ca > 0 * q.ca, q.ca, 0 * q.ca)
        positive_ip3 = where(q.ip3 > 0 * q.ip3, q.ip3, 0 * q.ip3)
        n = q.calcium_exponent

        activating = (positive_ca / q.k_activation) ** n
        bell = activating / (1 + activating) / (activating + (q.k_inhibition / q.k_activation) ** n)
        opened = 4 * bell * hill(positive_ip3 / q.k_ip3, 1, q.ip3_exponent)
        from_er = (q.release * opened + q.leak) * (q.ca_er - q.ca)
        into_er = q.uptake * hill(q.ca, q.k_serca, 2)

        return {"ca": q.entry - q.extrusion * q.ca + from_er - into_er, "ca_er": into_er - from_er}
