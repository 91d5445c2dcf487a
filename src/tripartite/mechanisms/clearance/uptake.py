"""Saturable uptake of glutamate, and the density of transporters that sets how fast it can be."""

from tripartite.language import HalfConcentration, Input, Mechanism, Output, Parameter


class MichaelisMentenUptake(Mechanism):
    r"""Uptake of glutamate that saturates, and that voltage and activity can slow.

    It gives the ``clearance`` to the mechanism that holds the glutamate, in place of its constant one. The two
    factors are 1 until `TransporterVoltage` or `ActivitySlowing` is added, or a wire brings them.

    **Sources** densities lehre_danbolt1998 (CA1, see `TransporterDensity`); turnover and affinity assumed.
    **Holds for** glutamate that changes more slowly than a transporter turns over, about 70 ms: faster
    transients are first bound, not taken up. `Eaat2` has the binding.
    **Pitfalls** ``vmax`` counts per extracellular volume, five times that per volume of tissue. Together with a
    turnover of its own, an affinity fitted elsewhere means something else: keep a fit's constants together.
    """

    clearance = Output("1/s", "Omega_c: rate of uptake per glutamate", supersedes=True)
    glutamate = Input("uM", "G: glutamate around the synapse")

    vmax = Parameter(
        1.77,
        "mM/s",
        "V_max: largest uptake per extracellular volume",
        "lehre_danbolt1998, GLT and GLAST in CA1, with 14 turnovers per second in a fifth of the tissue (both assumed)",
        low=0,
    )
    km = Parameter(
        20.0,
        "uM",
        "K_m: glutamate at half the largest uptake",
        "assumed: usually 15 to 20 µM",
        low=1e-6,
        target=HalfConcentration("glutamate transporter"),
    )
    voltage_factor = Parameter(1.0, "1", "phi_V: uptake relative to that at rest", "assumed: the process rests", low=0)
    activity_factor = Parameter(
        1.0, "1", "phi_act: uptake relative to that without activity", "assumed: no recent activity", low=0, high=1
    )

    def outputs(q):
        return {"clearance": q.vmax * q.voltage_factor * q.activity_factor / (q.km + q.glutamate)}


class TransporterDensity(Mechanism):
    r"""Largest uptake from the number of transporters in a volume of tissue: it gives ``vmax``.

    **Sources** lehre_danbolt1998, stratum radiatum of CA1; turnover and extracellular fraction assumed.
    **Holds for** glutamate that reaches all transporters of the tissue alike.
    **Pitfalls** Densities per volume of tissue, not per membrane (there 8,500 and 2,300 per µm²).
    """

    vmax = Output("mM/s", "V_max: largest uptake per extracellular volume", supersedes=True)
    transporters = Output("uM", "concentration of transporters in the extracellular volume")

    glt = Parameter(12000.0, "1/um**3", "GLT-1 per volume of tissue", "lehre_danbolt1998, CA1 radiatum", low=0)
    glast = Parameter(3200.0, "1/um**3", "GLAST per volume of tissue", "lehre_danbolt1998, CA1 radiatum", low=0)
    turnover = Parameter(14.0, "1/s", "k_cat: glutamate taken up by one transporter", "assumed: order of GLT-1", low=0)
    extracellular = Parameter(0.2, "1", "share of the tissue outside cells", "assumed: typical", low=1e-3, high=1)
    avogadro = Parameter(6.02214076e23, "1/mol", "N_A: molecules per mole", "assumed: exact by definition", low=1)

    def outputs(q):
        transporters = (q.glt + q.glast) / (q.avogadro * q.extracellular)

        return {"vmax": transporters * q.turnover, "transporters": transporters}
