"""ATP that an astrocyte releases, and the adenosine made from it."""

from tripartite.language import Add, Input, Mechanism, Parameter, State

_HALF = "dunwiddie1997, abstract: half in about 0.2 s, limited by the step from AMP"
_FASTER = "assumed: some ten times the limiting step"


class Purines(Mechanism):
    r"""ATP from a gliotransmitter release, turned into adenosine outside the cells, which is taken up.

    Enzymes that remove one phosphate after the other are taken together as one first-order step. Amounts
    are in units of the scale of adenosine, as in `AdenosineUtilization`, which reads them.

    **Sources** form assumed (first-order chain); conversion dunwiddie1997; uptake assumed.
    **Holds for** concentrations far below saturation of the enzymes and of uptake.
    """

    atp = State(0.0, "1", "ATP: extracellular ATP, in units of the scale of adenosine", low=0)
    adenosine = State(0.0, "1", "a: adenosine in units of its scale", low=0)
    gliorelease = Input("1", "r_A: fraction of gliotransmitter released", low=0)

    content = Parameter(
        1.0, "1", "ATP outside when everything is released", "assumed: sets the scale of adenosine", low=0
    )
    conversion = Parameter(3.47, "1/s", "rate at which ATP becomes adenosine", _HALF, low=0)
    removal = Parameter(0.1, "1/s", "1/tau_a: rate of uptake of adenosine", "assumed: uptake takes 10 s", low=0)

    def rates(q):
        converted = q.conversion * q.atp

        return {"atp": -converted, "adenosine": converted - q.removal * q.adenosine}

    def on_gliorelease(q):
        return {"atp": Add(q.content * q.gliorelease)}


class PurineChain(Mechanism):
    r"""ATP turned into ADP, AMP and adenosine outside the cells, each step in proportion to what there is.

    ``cleared`` collects what has been taken up: ATP, ADP, AMP, adenosine and it add up to what was released.

    **Sources** form: first-order chain (assumed); the limiting step dunwiddie1997, the others assumed faster. The same
    as `PurineCascade` far below saturation and without inhibition.
    **Holds for** concentrations far below those that saturate the enzymes, and below those of ADP that inhibit the
    last one (some µM).
    **Pitfalls** In µM, where `Purines` and `Adenosine` are in units of their own scale: they do not mix.
    """

    atp = State(0.0, "uM", "ATP: extracellular ATP", low=0)
    adp = State(0.0, "uM", "ADP: extracellular ADP", low=0)
    amp = State(0.0, "uM", "AMP: extracellular AMP", low=0)
    adenosine = State(0.0, "uM", "ADO: extracellular adenosine", low=0)
    cleared = State(0.0, "uM", "adenosine taken up so far", low=0)
    gliorelease = Input("1", "r_A: fraction of gliotransmitter released", low=0)

    content = Parameter(10.0, "uM", "ATP outside when everything is released", "assumed: an example", low=0)
    atp_rate = Parameter(34.7, "1/s", "rate from ATP to ADP", _FASTER, low=0)
    adp_rate = Parameter(30.0, "1/s", "rate from ADP to AMP", _FASTER, low=0)
    amp_rate = Parameter(3.47, "1/s", "rate from AMP to adenosine", _HALF, low=0, target="CD73")
    removal = Parameter(0.2, "1/s", "k_u: rate of uptake of adenosine", "assumed: uptake takes 5 s", low=0)

    def rates(q):
        v1, v2, v3 = q.atp_rate * q.atp, q.adp_rate * q.adp, q.amp_rate * q.amp
        taken_up = q.removal * q.adenosine

        return {"atp": -v1, "adp": v1 - v2, "amp": v2 - v3, "adenosine": v3 - taken_up, "cleared": taken_up}

    def on_gliorelease(q):
        return {"atp": Add(q.content * q.gliorelease)}


class PurineCascade(Mechanism):
    r"""ATP turned into ADP, AMP and adenosine by enzymes that saturate, the last one held up by ATP and ADP.

    That feed-forward inhibition of the ecto-5'-nucleotidase (CD73) delays adenosine until most ATP and ADP are gone.
    ``cleared`` collects what has been taken up: ATP, ADP, AMP, adenosine and it add up to what was released.

    **Sources** form kukulski2005 (a limiting last step, which ADP inhibits), Michaelis-Menten; how fast a little AMP
    becomes adenosine dunwiddie1997; affinities and the faster steps assumed.
    **Holds for** enzymes in excess of their substrates; a well-mixed space.
    **Pitfalls** The K are an example, not measured in hippocampus, and NTPDases differ: NTPDase1 leaves little
    ADP (raise ``adp_vmax``), NTPDase2 accumulates it (lower it). Not all adenosine comes from ATP: see
    `NeuronalAdenosine`.
    """

    atp = State(0.0, "uM", "ATP: extracellular ATP", low=0)
    adp = State(0.0, "uM", "ADP: extracellular ADP", low=0)
    amp = State(0.0, "uM", "AMP: extracellular AMP", low=0)
    adenosine = State(0.0, "uM", "ADO: extracellular adenosine", low=0)
    cleared = State(0.0, "uM", "adenosine taken up so far", low=0)
    gliorelease = Input("1", "r_A: fraction of gliotransmitter released", low=0)

    content = Parameter(10.0, "uM", "ATP outside when everything is released", "assumed: an example", low=0)
    atp_vmax = Parameter(2429.0, "uM/s", "V_1: fastest hydrolysis of ATP", _FASTER, low=0)
    adp_vmax = Parameter(1500.0, "uM/s", "V_2: fastest hydrolysis of ADP", _FASTER, low=0)
    amp_vmax = Parameter(69.4, "uM/s", "V_3: fastest hydrolysis of AMP", f"{_HALF}; K_3 assumed", low=0, target="CD73")
    atp_km = Parameter(70.0, "uM", "K_1: ATP at half of it", "assumed: an example", low=1e-6)
    adp_km = Parameter(50.0, "uM", "K_2: ADP at half of it", "assumed: an example", low=1e-6)
    amp_km = Parameter(20.0, "uM", "K_3: AMP at half of it, without inhibition", "assumed: an example", low=1e-6)
    inhibition = Parameter(5.0, "uM", "K_i: ATP and ADP that double K_3", "assumed: an example", low=1e-6)
    removal = Parameter(0.2, "1/s", "k_u: rate of uptake of adenosine", "assumed: uptake takes 5 s", low=0)
    phosphorylation = Parameter(0.0, "uM/s", "V_AK: fastest saturable uptake", "assumed: none", low=0)
    phosphorylation_km = Parameter(2.0, "uM", "K_AK: adenosine at half of it", "assumed: an example", low=1e-6)

    def rates(q):
        v1 = q.atp_vmax * q.atp / (q.atp_km + q.atp)
        v2 = q.adp_vmax * q.adp / (q.adp_km + q.adp)
        v3 = q.amp_vmax * q.amp / (q.amp_km * (1 + (q.atp + q.adp) / q.inhibition) + q.amp)
        taken_up = q.removal * q.adenosine + q.phosphorylation * q.adenosine / (q.phosphorylation_km + q.adenosine)

        return {"atp": -v1, "adp": v1 - v2, "amp": v2 - v3, "adenosine": v3 - taken_up, "cleared": taken_up}

    def on_gliorelease(q):
        return {"atp": Add(q.content * q.gliorelease)}
