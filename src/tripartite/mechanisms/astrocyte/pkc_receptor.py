"""Metabotropic glutamate receptors that active protein kinase C switches off."""

from tripartite.language import BindingRate, Input, Mechanism, Output, Parameter, State

_SOURCE = "depitta_benjacob_berry2019, as coded for its figures"


class PkcGlutamateReceptor(Mechanism):
    r"""Binding of glutamate to metabotropic receptors, ended by protein kinase C that has its own dynamics.

    ``active`` receptors split PIP2 into IP3 and as much diacylglycerol (`Diacylglycerol`). `GlutamateReceptor`
    is the same receptor with kinase C at equilibrium with calcium.

    **Sources** depitta_benjacob_berry2019, form and values as coded for its figures.
    **Holds for** `ProteinKinaseC` in the same compartment, or another source of ``pkc``.
    **Pitfalls** The program adds a constant glutamate ``y_rel`` to what synapses release; here it is part
    of the input.
    """

    active = State(0.0, "1", "Gamma_A: fraction of active receptors", low=0, high=1)
    glutamate = Input("uM", "Y_S: extracellular glutamate at the astrocyte")
    pkc = Input("uM", "P: active protein kinase C")
    ip3 = Input("uM", "I: IP3 in the cytosol")
    plc_beta = Output("uM/s", "J_beta: splitting of PIP2 by PLCβ")

    production = Parameter(
        3.0, "uM/s", "O_beta: splitting of PIP2 when all are active", _SOURCE, low=0, target="mGluR5"
    )
    binding = Parameter(0.3, "1/uM/s", "O_P: rate of glutamate binding", _SOURCE, low=0, target=BindingRate("mGluR5"))
    unbinding = Parameter(1.8, "1/s", "Omega_P: rate of inactivation without kinase C", _SOURCE, low=0)
    phosphorylation = Parameter(1.0, "1/uM/s", "O_K: inactivation by kinase C", _SOURCE, low=0)

    def outputs(q):
        return {"plc_beta": q.production * q.active}

    def rates(q):
        bound = q.binding * q.glutamate * (1 - q.active)
        ended = (q.unbinding + q.phosphorylation * q.pkc) * q.active

        return {"active": bound - ended, "ip3": q.plc_beta}
