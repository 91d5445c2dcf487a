"""Calcium that proteins of the cytosol bind and let go."""

from tripartite.language import Input, Mechanism, Parameter, State


class BindingProteins(Mechanism):
    r"""Proteins that bind calcium one to one, fast or slow.

    **Sources** marhl2000, as coded in BioModels 39.
    **Holds for** proteins that neither leave nor are made.
    **Pitfalls** Bound calcium is in neither ``ca`` nor ``ca_total``. The proteins here let go within 100 s and
    shape the bursts; they are no fast buffer that merely slows calcium.
    """

    ca_bound = State(85.45, "uM", "CaPr: calcium bound to proteins", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")
    ca_total = Input("uM", "calcium of cytosol and ER per cytosol volume")

    sites = Parameter(120.0, "uM", "Pr_tot: binding sites, free and bound", "marhl2000, BioModels 39", low=0)
    binding = Parameter(0.1, "1/uM/s", "k_plus: rate of binding", "marhl2000, BioModels 39", low=0)
    unbinding = Parameter(0.01, "1/s", "k_minus: rate of unbinding", "marhl2000, BioModels 39", low=0)

    def rates(q):
        binds = q.binding * q.ca * (q.sites - q.ca_bound) - q.unbinding * q.ca_bound

        return {"ca_bound": binds, "ca": -binds, "ca_total": -binds}
