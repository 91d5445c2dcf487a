"""Production of IP3 by calcium-dependent PLCδ and its two routes of degradation."""

from tripartite.language import Input, Mechanism, Output, Parameter, State, hill


class Ip3Metabolism(Mechanism):
    r"""IP3 made by PLCδ and broken down by 3-kinase and 5-phosphatase.

    With a source of calcium (`LiRinzel`) this is the ChI model; a receptor that adds to the rate of
    ``ip3`` makes it G-ChI. The values differ up to tenfold between papers of one group: choose a named
    set (`tripartite.parameters`), never a mixture. Those below are the AM set.

    **Sources** depitta2009, with the corrections of depitta2009erratum as coded in ModelDB 223269.
    **Holds for** a well-mixed cytosol.
    """

    ip3 = State(0.22, "uM", "I: IP3 in the cytosol", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")
    plc_delta = Output("uM/s", "J_delta: splitting of PIP2 by PLCδ")

    v_delta = Parameter(0.02, "uM/s", "v_delta: largest production by PLCδ", "depitta2009, table 1 (AM)", low=0)
    kappa_delta = Parameter(1.5, "uM", "kappa_delta: IP3 that halves PLCδ", "depitta2009, table 1", low=0)
    k_delta = Parameter(0.1, "uM", "K_delta: calcium that half-activates PLCδ", "depitta2009, table 1", low=0)
    v_3k = Parameter(2.0, "uM/s", "v_3K: largest degradation by 3-kinase", "depitta2009, table 1", low=0)
    k_d = Parameter(0.7, "uM", "K_D: calcium that half-activates 3-kinase", "depitta2009, table 1", low=0)
    k_3 = Parameter(1.0, "uM", "K_3: IP3 that half-saturates 3-kinase", "depitta2009, table 1", low=0)
    r_5p = Parameter(0.04, "1/s", "r_5P: rate of 5-phosphatase", "depitta2009, table 1 (AM)", low=0)

    def outputs(q):
        return {"plc_delta": q.v_delta / (1 + q.ip3 / q.kappa_delta) * hill(q.ca, q.k_delta, 2)}

    def rates(q):
        by_3_kinase = q.v_3k * hill(q.ca, q.k_d, 4) * hill(q.ip3, q.k_3)
        by_5_phosphatase = q.r_5p * q.ip3

        return {"ip3": q.plc_delta - by_3_kinase - by_5_phosphatase}
