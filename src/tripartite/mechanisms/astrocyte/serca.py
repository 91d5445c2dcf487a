"""Calcium that pumps of the endoplasmic reticulum take up."""

from tripartite.language import Input, Mechanism, Parameter, where


class Serca(Mechanism):
    r"""SERCA pumps: uptake into the ER that saturates with calcium, by a Hill law of any exponent.

    **Sources** handy2017, program of its authors (ModelDB 189344).
    **Holds for** an ER whose calcium does not slow its pumps; no reverse transport.
    **Pitfalls** The exponent is 1.75 in handy2017, and its periods rest on it; most models have 2. A broken
    power of a negative number is undefined: below zero calcium, where only a step of a solver can lead, uptake
    is zero.
    """

    ca = Input("uM", "c: free calcium in the cytosol")

    uptake = Parameter(0.9, "uM/s", "v_serca: largest uptake", "handy2017, ModelDB 189344", low=0, target="SERCA")
    k_serca = Parameter(0.1, "uM", "k_serca: calcium for half-maximal uptake", "handy2017, ModelDB 189344", low=1e-6)
    serca_exponent = Parameter(1.75, "1", "Hill exponent of the uptake", "handy2017, ModelDB 189344", low=1, high=8)

    def rates(q):
        defined = q.ca > 0 * q.k_serca
        filled = (where(defined, q.ca, q.k_serca) / q.k_serca) ** q.serca_exponent

        return {"ca": -where(defined, q.uptake * filled / (1 + filled), 0 * q.uptake)}


class LinearSerca(Mechanism):
    r"""SERCA pumps far from saturation: uptake into the ER in proportion to calcium.

    **Sources** marhl2000, as coded in BioModels 39.
    **Holds for** calcium below the affinity of the pumps.
    """

    ca = Input("uM", "C: free calcium in the cytosol")

    pumping = Parameter(20.0, "1/s", "k_pump: rate of uptake", "marhl2000, BioModels 39", low=0, target="SERCA")

    def rates(q):
        return {"ca": -q.pumping * q.ca}
