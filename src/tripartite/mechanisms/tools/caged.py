"""Caged compounds: IP3 or calcium that a flash of light sets free in the cytosol."""

from tripartite.language import Add, Input, Mechanism, Parameter, State


class CagedIp3(Mechanism):
    r"""IP3 that flashes set free from its cage.

    A flash of an amount raises IP3 by it, within the time that the dark reaction takes.

    **Sources** form: first-order dark reaction; rate assumed.
    **Holds for** flashes that use up a small part of the cage.
    """

    caged_ip3 = State(0.0, "uM", "IP3 that light has struck and that is not yet free", low=0)
    ip3_uncaging = Input("uM", "rise of IP3 that a flash brings")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    ip3_liberation = Parameter(100.0, "1/s", "rate of the dark reaction", "assumed: free within 10 ms", low=1e-3)

    def rates(q):
        freed = q.ip3_liberation * q.caged_ip3

        return {"caged_ip3": -freed, "ip3": freed}

    def on_ip3_uncaging(q):
        return {"caged_ip3": Add(q.ip3_uncaging)}


class CagedCalcium(Mechanism):
    r"""Calcium that flashes set free from its cage in the cytosol.

    It is new to the cell and adds to its total: a closed cell needs the mechanism `TotalCalcium` beside it.

    **Sources** form: first-order dark reaction; rate assumed.
    **Holds for** flashes that use up a small part of the cage, whose own buffering is left out.
    """

    caged_ca = State(0.0, "uM", "calcium that light has struck and that is not yet free", low=0)
    calcium_uncaging = Input("uM", "rise of calcium that a flash brings")
    ca = Input("uM", "C: free calcium in the cytosol")
    ca_total = Input("uM", "C_0: total free calcium per cytosol volume")

    ca_liberation = Parameter(1000.0, "1/s", "rate of the dark reaction", "assumed: free within 1 ms", low=1e-3)

    def rates(q):
        freed = q.ca_liberation * q.caged_ca

        return {"caged_ca": -freed, "ca": freed, "ca_total": freed}

    def on_calcium_uncaging(q):
        return {"caged_ca": Add(q.calcium_uncaging)}
