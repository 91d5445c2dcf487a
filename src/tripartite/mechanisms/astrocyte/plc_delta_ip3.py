"""IP3 with the simplest feedback of calcium: production by PLCδ and linear degradation."""

from tripartite.language import Input, Mechanism, Parameter, State, hill

_SOURCE = "lavrentovich_hemkin2008, as coded in ModelDB 112547"


class PlcDeltaIp3(Mechanism):
    r"""IP3 made at a constant rate and by calcium-dependent PLCδ, and broken down in proportion.

    `Ip3Metabolism` adds the limit that IP3 sets to PLCδ and the calcium-dependent 3-kinase.

    **Sources** form lavrentovich_hemkin2008 and riera2011; values lavrentovich_hemkin2008, as coded in
    ModelDB 112547 (it has no constant production).
    **Holds for** a well-mixed cytosol and IP3 far from what saturates its degradation.
    """

    ip3 = State(0.1, "uM", "I: IP3 in the cytosol", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")

    basal = Parameter(0.0, "uM/s", "X_IP3: production that calcium does not change", _SOURCE, low=0)
    v_delta = Parameter(0.05, "uM/s", "v_p: largest production by PLCδ", _SOURCE, low=0)
    k_delta = Parameter(0.3, "uM", "k_p: calcium that half-activates PLCδ", _SOURCE, low=0)
    degradation = Parameter(0.08, "1/s", "k_deg: rate of degradation", _SOURCE, low=0)

    def rates(q):
        return {"ip3": q.basal + q.v_delta * hill(q.ca, q.k_delta, 2) - q.degradation * q.ip3}
