"""The co-agonist sites of NMDA receptors, for which D-serine and glycine compete."""

from tripartite.language import Input, Mechanism, Output, Parameter


class CoagonistSites(Mechanism):
    r"""Share of NMDA receptors whose co-agonist sites are all taken, by D-serine or glycine.

    It gives ``coagonist`` to `KampaNmda` and `TrappingNmda`; `Nmda` has one site of its own.

    **Sources** affinities furukawa_gouaux2003 (isolated binding core); form assumed: independent sites that
    the two compete for.
    **Holds for** co-agonists that change more slowly than they bind.
    **Pitfalls** Intact receptors need less of both, of the order of 1 µM; no such value is settled here.
    """

    coagonist = Output("1", "theta: share of receptors with co-agonist", supersedes=True)
    dserine = Input("uM", "D: extracellular D-serine")

    glycine = Parameter(0.0, "uM", "G: extracellular glycine", "assumed: D-serine is the only co-agonist", low=0)
    k_dserine = Parameter(7.02, "uM", "K_D: D-serine affinity", "furukawa_gouaux2003, as quoted by yao_mayer", low=1e-6)
    k_glycine = Parameter(26.4, "uM", "K_G: glycine affinity", "furukawa_gouaux2003, as quoted by yao_mayer", low=1e-6)
    sites = Parameter(2.0, "1", "co-agonist sites of a receptor", "assumed: its two GluN1 subunits", low=1, high=2)

    def outputs(q):
        bound = q.dserine / q.k_dserine + q.glycine / q.k_glycine

        return {"coagonist": (bound / (1 + bound)) ** q.sites}
