"""Designer receptors (DREADDs) of the astrocyte: what their ligand does through Gq and Gi."""

from tripartite.language import Add, Input, Mechanism, Output, Parameter, State, hill, where


class DesignerLigand(Mechanism):
    r"""The ligand of designer receptors after an injection: absorbed, then eliminated.

    A dose is given as the concentration it would reach if it were absorbed at once and never eliminated.

    **Sources** form: one compartment with first-order absorption; rates assumed, not measured in the tissue.
    **Holds for** doses far from saturating elimination; for a bath, drive ``ligand`` and leave this out.
    """

    ligand = State(0.0, "uM", "L: free ligand at the receptors", low=0)
    depot = State(0.0, "uM", "injected ligand not yet absorbed", low=0)
    dose = Input("uM", "dose, as the concentration it would reach")

    absorption = Parameter(1 / 5, "1/min", "k_abs: rate of absorption", "assumed: minutes", low=0)
    elimination = Parameter(1 / 60, "1/min", "k_el: rate of elimination", "assumed: an hour", low=0)

    def rates(q):
        absorbed = q.absorption * q.depot

        return {"depot": -absorbed, "ligand": absorbed - q.elimination * q.ligand}

    def on_dose(q):
        return {"depot": Add(q.dose)}


class Hm3dq(Mechanism):
    r"""hM3Dq: IP3 production by a designer receptor coupled to Gq, with optional desensitisation.

    Production above what the calcium oscillation bears ends it: after an early surge calcium stays steady and
    raised until the ligand is gone. In an open cell the store empties as well.

    **Sources** form and values assumed. The strength lies where the model with the AM values of depitta2009 falls
    silent after a surge, as astrocytes do in vivo (vaidyanathan2021).
    **Holds for** signs and order of events; affinity and pharmacokinetics of the ligand are open.
    **Pitfalls** On another set of parameters the strength that silences differs: in FM it takes 0.5 µM/s.
    """

    hm3dq_sensitive = State(1.0, "1", "s: fraction of receptors not desensitised", low=0, high=1)
    ligand = Input("uM", "L: free ligand at the receptors")
    ip3 = Input("uM", "I: IP3 in the cytosol")
    hm3dq_occupancy = Output("1", "R: fraction of receptors with ligand")

    hm3dq_production = Parameter(0.2, "uM/s", "O_D: largest production of IP3", "assumed: silences AM cells", low=0)
    hm3dq_ec50 = Parameter(10.0, "nM", "EC_50: ligand of half effect", "assumed: order of magnitude", low=1e-3)
    hm3dq_exponent = Parameter(1.0, "1", "n: Hill exponent", "assumed: one site", low=1, high=4)
    hm3dq_loss = Parameter(0.0, "1/s", "k_des: loss of sensitivity when occupied", "assumed: none", low=0)
    hm3dq_recovery = Parameter(30.0, "min", "tau_rec: recovery of sensitivity", "assumed: order of recycling", low=1e-3)

    def outputs(q):
        return {"hm3dq_occupancy": hill(q.ligand, q.hm3dq_ec50, q.hm3dq_exponent)}

    def rates(q):
        recovers = (1 - q.hm3dq_sensitive) / q.hm3dq_recovery
        lost = q.hm3dq_loss * q.hm3dq_occupancy * q.hm3dq_sensitive
        made = q.hm3dq_production * q.hm3dq_occupancy * q.hm3dq_sensitive

        return {"hm3dq_sensitive": recovers - lost, "ip3": made}


class Hm4di(Mechanism):
    r"""hM4Di: what a designer receptor coupled to Gi does to IP3, of either sign, and to the making of cAMP.

    Gβγ makes IP3 where ``hm4di_effect`` is positive; where it is negative IP3 is lost, ever less the lower it is.
    ``camp_left`` is the fraction of cAMP production that Gαi leaves, for mechanisms that read it.

    **Sources** form and values assumed; the positive sign follows durkee2019 (title).
    **Holds for** signs only.
    **Pitfalls** Reports on the sign disagree between preparations, which is why it is a parameter.
    """

    ligand = Input("uM", "L: free ligand at the receptors")
    ip3 = Input("uM", "I: IP3 in the cytosol")
    hm4di_occupancy = Output("1", "R: fraction of receptors with ligand")
    camp_left = Output("1", "fraction of cAMP production that is left")

    hm4di_production = Parameter(
        0.1, "uM/s", "O_D: largest change of IP3 at effect 1", "assumed: half of hM3Dq's", low=0
    )
    hm4di_effect = Parameter(
        0.05, "1", "epsilon_Gi: sign and strength of the effect on IP3", "assumed: much weaker than Gq", low=-1, high=1
    )
    hm4di_ec50 = Parameter(10.0, "nM", "EC_50: ligand of half effect", "assumed: order of magnitude", low=1e-3)
    hm4di_exponent = Parameter(1.0, "1", "n: Hill exponent", "assumed: one site", low=1, high=4)
    hm4di_least = Parameter(
        0.1, "uM", "IP3 at which a negative effect is half as strong", "assumed: below resting IP3", low=1e-3
    )
    camp_inhibition = Parameter(
        0.8, "1", "I_max: largest inhibition of cAMP production", "assumed: large", low=0, high=1
    )

    def outputs(q):
        occupancy = hill(q.ligand, q.hm4di_ec50, q.hm4di_exponent)

        return {"hm4di_occupancy": occupancy, "camp_left": 1 - q.camp_inhibition * occupancy}

    def rates(q):
        available = where(q.hm4di_effect > 0, 1, hill(q.ip3, q.hm4di_least))

        return {"ip3": q.hm4di_effect * q.hm4di_production * q.hm4di_occupancy * available}
