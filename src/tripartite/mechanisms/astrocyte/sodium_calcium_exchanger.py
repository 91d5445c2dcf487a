"""Calcium that leaves through the plasma membrane in exchange for sodium."""

from tripartite.language import Input, Mechanism, Parameter, exp


class Ncx(Mechanism):
    r"""The sodium-calcium exchanger: three sodium in for one calcium out, or back, as gradients and voltage say.

    **Sources** form and affinities luo_rudy1994 (heart); the largest current density is one of a published
    program for astrocytes and is not checked against a measurement.
    **Holds for** dilute calcium at the inner side: its saturation there is left out, as in luo_rudy1994.
    **Pitfalls** The current becomes a flux through the surface per volume, which differs a hundredfold between a
    soma and a leaflet: set ``surface_per_volume``. It changes sodium of the cell where that is a state. The charge
    that it carries is not given to a membrane potential.
    """

    ca = Input("uM", "Ca_i: free calcium in the cytosol")
    ca_total = Input("uM", "calcium of cytosol and ER per cytosol volume")
    sodium_in = Input("mM", "Na_i: sodium in the cell")
    v = Input("mV", "V: membrane potential of the cell")

    density = Parameter(
        1e-4, "A/m**2", "largest current density", "assumed: value of a program for astrocytes, not measured", low=0
    )
    surface_per_volume = Parameter(
        1.0, "1/um", "membrane surface per cytosol volume", "assumed: a process with a radius of 2 µm", low=0
    )
    k_sodium = Parameter(
        87.5, "mM", "K_mNa: sodium outside for half the current", "luo_rudy1994, sodium-calcium exchanger", low=1e-3
    )
    k_calcium = Parameter(
        1.38, "mM", "K_mCa: calcium outside for half the current", "luo_rudy1994, sodium-calcium exchanger", low=1e-6
    )
    saturation = Parameter(
        0.1, "1", "k_sat: saturation at very negative potentials", "luo_rudy1994, sodium-calcium exchanger", low=0
    )
    partition = Parameter(
        0.35,
        "1",
        "eta: place of the energy barrier in the membrane",
        "luo_rudy1994, sodium-calcium exchanger",
        low=0,
        high=1,
    )
    sodium_out = Parameter(145.0, "mM", "Na_o: sodium outside", "assumed: cerebrospinal fluid", low=0)
    ca_out = Parameter(1.8, "mM", "Ca_o: calcium outside", "luo_rudy1994, sodium-calcium exchanger", low=0)
    thermal_voltage = Parameter(
        26.727, "mV", "RT over F at 37 °C", "luo_rudy1994, at body temperature", low=20, high=30
    )
    faraday = Parameter(96485.33212, "C/mol", "F: charge of a mole", "luo_rudy1994, Faraday's constant", low=9e4)

    def rates(q):
        inward = exp(q.partition * q.v / q.thermal_voltage) * q.sodium_in**3 * q.ca_out
        outward = exp((q.partition - 1) * q.v / q.thermal_voltage) * q.sodium_out**3 * q.ca
        saturated = 1 + q.saturation * exp((q.partition - 1) * q.v / q.thermal_voltage)
        affinities = (q.k_sodium**3 + q.sodium_out**3) * (q.k_calcium + q.ca_out)

        current = q.density * (inward - outward) / (affinities * saturated)
        enters = current * q.surface_per_volume / q.faraday

        return {"ca": enters, "ca_total": enters, "sodium_in": -3 * enters}
