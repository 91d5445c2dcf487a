"""Fast buffers of calcium: one that stays, one that diffuses."""

from typing import Any

from tripartite.language import Input, Mechanism, Parameter, State

_PROGRAM = "savtchenko2018, defaults of the authors' program (after Fink et al. 2000)"
_RATE = "savtchenko2018, program, for the immobile buffer; assumed: the same for the mobile one"


def bound_by(q: Any, bound: Any, total: Any, affinity: Any, binding: Any) -> Any:
    """Rate at which a buffer binds calcium one to one."""
    return binding * (q.ca * (total - bound) - affinity * bound)


class ImmobileBuffer(Mechanism):
    r"""A fast buffer of low affinity that does not move.

    **Sources** savtchenko2018, values of the authors' program, whose dialog starts with 70 µM instead of 450 µM.
    **Holds for** binding of one calcium a site; the start is the equilibrium at 0.05 µM.
    **Pitfalls** It binds within microseconds: steps of a network must be below 5 µs, or the solver implicit. Where
    only its effect on diffusion is wanted, use `tripartite.analysis.effective_diffusion`. It takes calcium from ``ca``
    alone, as in a space without ER: where the ER is what a total leaves (`LiRinzel`, `TotalCalcium`), bound calcium
    would come from nowhere; take `BindingProteins` there, with the values from here.
    """

    immobile_bound = State(2.238806, "uM", "calcium bound to the immobile buffer", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")

    immobile_total = Parameter(450.0, "uM", "B_s: immobile buffer, free and bound", _PROGRAM, low=0)
    immobile_affinity = Parameter(10.0, "uM", "K_s: its dissociation constant", _PROGRAM, low=1e-3)
    immobile_binding = Parameter(1000.0, "1/uM/s", "k_f: its rate of binding", _PROGRAM, low=0)

    def rates(q):
        binds = bound_by(q, q.immobile_bound, q.immobile_total, q.immobile_affinity, q.immobile_binding)

        return {"immobile_bound": binds, "ca": -binds}


class MobileBuffer(Mechanism):
    r"""A fast buffer of high affinity that diffuses: let ``mobile_bound`` diffuse, too.

    Its total is taken to be the same everywhere, as it is where bound and free buffer diffuse alike.

    **Sources** savtchenko2018, values of the authors' program, whose dialog starts with 7.5 µM instead of 75 µM; it
    diffuses at 50 µm²/s there.
    **Holds for** binding of one calcium a site; the start is the equilibrium at 0.05 µM.
    **Pitfalls** As for `ImmobileBuffer`.
    """

    mobile_bound = State(12.931034, "uM", "calcium bound to the mobile buffer", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")

    mobile_total = Parameter(75.0, "uM", "B_m: mobile buffer, free and bound", _PROGRAM, low=0)
    mobile_affinity = Parameter(0.24, "uM", "K_m: its dissociation constant", _PROGRAM, low=1e-3)
    mobile_binding = Parameter(1000.0, "1/uM/s", "k_f: its rate of binding", _RATE, low=0)

    def rates(q):
        binds = bound_by(q, q.mobile_bound, q.mobile_total, q.mobile_affinity, q.mobile_binding)

        return {"mobile_bound": binds, "ca": -binds}
