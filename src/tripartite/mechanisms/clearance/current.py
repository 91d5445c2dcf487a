"""The current that uptake of glutamate carries into the astrocyte."""

from tripartite.language import HalfConcentration, Input, Mechanism, Output, Parameter, exp, hill


class TransporterCurrent(Mechanism):
    r"""Inward current of glutamate uptake, which depolarises the process and falls with depolarisation.

    Two charges enter with each glutamate (3 Na, 1 H in; 1 K out). ``uptake_flux`` is the glutamate that the
    current stands for; dividing it by a volume and adding it to a concentration is left to the model.

    **Sources** form and constants johnson_ion_concentrations, fit; its largest current is assumed here.
    **Holds for** sodium outside near 150 mM and inside near rest; currents carried by chloride are left out.
    **Pitfalls** The affinity of 0.2 mM is ten times that of the transporters and belongs to this fit alone: do not
    mix its constants with those of `MichaelisMentenUptake`.
    """

    glutamate = Input("uM", "G: glutamate outside")
    v = Input("mV", "V_a: membrane potential of the astrocytic process")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)
    transporter_current = Output("pA", "I_EAAT: outward current")
    uptake_flux = Output("amol/s", "glutamate carried in")

    largest_current = Parameter(1.0, "pA", "g: current at 0 mV in saturation", "assumed: set by the user", low=0)
    sodium_out = Parameter(150.0, "mM", "Na_o: sodium outside", "johnson_ion_concentrations", low=0)
    k_sodium = Parameter(350.0, "mM", "K_Na: sodium at half the current", "johnson_ion_concentrations, fit", low=1e-6)
    k_glutamate = Parameter(
        0.2,
        "mM",
        "K_glu: glutamate at half the current",
        "johnson_ion_concentrations, fit",
        low=1e-6,
        target=HalfConcentration("glutamate transporter"),
    )
    steepness = Parameter(0.0165, "1/mV", "beta: e-fold per 60.6 mV", "johnson_ion_concentrations, fit", low=0)
    charges = Parameter(
        2.0, "1", "charges that enter with a glutamate", "johnson_ion_concentrations, stoichiometry", low=1
    )
    faraday = Parameter(96485.33212, "C/mol", "F: charge of a mole", "assumed: exact by definition", low=1)

    def outputs(q):
        driven = hill(q.sodium_out, q.k_sodium) * hill(q.glutamate, q.k_glutamate) * exp(-q.steepness * q.v)
        current = -q.largest_current * driven

        return {"transporter_current": current, "uptake_flux": -current / (q.charges * q.faraday)}

    def rates(q):
        return {"v": -q.responsiveness * q.transporter_current}
