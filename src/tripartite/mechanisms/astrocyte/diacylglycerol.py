"""Diacylglycerol, the other product of PIP2 beside IP3."""

from tripartite.language import Input, Mechanism, Parameter, State, hill

_SOURCE = "depitta_benjacob_berry2019, as coded for its figures"


class Diacylglycerol(Mechanism):
    r"""Diacylglycerol made together with IP3 by PLCβ and PLCδ; calcium speeds its breakdown.

    **Sources** depitta_benjacob_berry2019, form and values as coded for its figures.
    **Holds for** a well-mixed cell; diacylglycerol stays in the membrane, its concentration is per cytosol.
    """

    dag = State(0.05, "uM", "D: diacylglycerol", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")
    plc_beta = Input("uM/s", "J_beta: splitting of PIP2 by PLCβ", low=0)
    plc_delta = Input("uM/s", "J_delta: splitting of PIP2 by PLCδ", low=0)

    v_dag_kinase = Parameter(1.5, "uM/s", "O_D: largest degradation by DAG kinase", _SOURCE, low=0)
    k_dag_ca = Parameter(0.3, "uM", "K_DC: calcium that half-activates DAG kinase", _SOURCE, low=0)
    k_dag = Parameter(0.05, "uM", "K_DD: diacylglycerol that half-saturates DAG kinase", _SOURCE, low=0)
    dag_decay = Parameter(0.1, "1/s", "Omega_D: degradation that calcium does not change", _SOURCE, low=0)

    def rates(q):
        by_kinase = q.v_dag_kinase * hill(q.ca, q.k_dag_ca, 2) * hill(q.dag, q.k_dag, 2)

        return {"dag": q.plc_beta + q.plc_delta - by_kinase - q.dag_decay * q.dag}
