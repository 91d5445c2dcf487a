"""From astrocytic calcium to a gate on plasticity."""

from tripartite.language import Input, Mechanism, Parameter, State, hill


class AstrocyteGate(Mechanism):
    r"""A gate between 0 and 1 that follows astrocytic calcium with a lag of seconds.

    **Sources** form fremaux_gerstner2016 (third factor that scales learning); values assumed.
    **Holds for** one astrocyte territory.
    """

    gate = State(0.0, "1", "g_a: gate of the astrocyte", low=0, high=1)
    ca = Input("uM", "C: free calcium in the cytosol")

    tau = Parameter(2.0, "s", "tau_g: lag behind calcium", "assumed: gliotransmission acts over seconds", low=0)
    half = Parameter(0.3, "uM", "K_g: calcium that half-opens the gate", "assumed: between rest and peak", low=0)

    def rates(q):
        return {"gate": (hill(q.ca, q.half, 4) - q.gate) / q.tau}
