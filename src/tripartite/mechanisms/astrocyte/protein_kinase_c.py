"""Conventional protein kinase C, activated by calcium and diacylglycerol together."""

from tripartite.language import Input, Mechanism, Parameter, State, hill

_SOURCE = "depitta_benjacob_berry2019, as coded for its figures"


class ProteinKinaseC(Mechanism):
    r"""Active conventional protein kinase C: calcium brings it to the membrane, diacylglycerol activates it.

    Activation uses up the diacylglycerol that it binds.

    **Sources** depitta_benjacob_berry2019, form and values as coded for its figures.
    **Holds for** kinase in excess: activation is linear in diacylglycerol and never saturates.
    **Pitfalls** A label of the book gives O_KD in µM/s; its program multiplies it by diacylglycerol, so it
    is a rate.
    """

    pkc = State(0.0, "uM", "P: active protein kinase C", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")
    dag = Input("uM", "D: diacylglycerol")

    activation = Parameter(0.5, "1/s", "O_KD: largest rate of activation per diacylglycerol", _SOURCE, low=0)
    k_kc = Parameter(0.6, "uM", "K_KC: calcium that half-activates PKC", _SOURCE, low=0)
    deactivation = Parameter(2.5, "1/s", "Omega_KD: rate of deactivation", _SOURCE, low=0)

    def rates(q):
        activated = q.activation * q.dag * hill(q.ca, q.k_kc)

        return {"pkc": activated - q.deactivation * q.pkc, "dag": -activated}
