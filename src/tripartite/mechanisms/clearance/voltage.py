"""How the potential of the astrocytic process drives or slows uptake."""

from tripartite.language import Input, Mechanism, Output, Parameter, exp


class TransporterVoltage(Mechanism):
    r"""Uptake relative to that at rest, which depolarisation of the fine process lowers exponentially.

    It gives ``voltage_factor`` to an uptake in its compartment, or to another by a wire. Uptake moves charge and
    potassium leaves neurons near it: both depolarise the process and so slow the clearance (armbruster2022).

    **Sources** steepness johnson_ion_concentrations, fit (wadiche1995 gives 0.0204 /mV).
    **Holds for** potentials from -100 to 0 mV; the potential itself comes from elsewhere.
    **Pitfalls** Depolarisation by 20 mV, from -85 to -65 mV, leaves 72 % of the uptake: it takes 67 mV to slow it
    threefold. The size of the depolarisation in fine processes is not settled here.
    """

    voltage_factor = Output("1", "phi_V: uptake relative to that at rest", supersedes=True)
    v = Input("mV", "V_a: membrane potential of the astrocytic process")

    steepness = Parameter(
        0.0165, "1/mV", "beta: e-fold per 60.6 mV", "johnson_ion_concentrations, fit of the current", low=0
    )
    rest = Parameter(-85.0, "mV", "V_rest: potential at which the factor is 1", "assumed: rest of a mature astrocyte")

    def outputs(q):
        return {"voltage_factor": exp(-q.steepness * (q.v - q.rest))}
