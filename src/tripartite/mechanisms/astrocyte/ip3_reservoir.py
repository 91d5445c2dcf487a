"""IP3 from a reservoir behind a nonlinear gap junction: the field's way to stimulate one astrocyte."""

from tripartite.language import Input, Mechanism, Parameter, absolute, boltzmann, where


class Ip3Reservoir(Mechanism):
    r"""Diffusion of IP3 between the cell and a reservoir, switched on by a large enough difference.

    **Sources** goldberg2010; values stimberg2019, example 3.
    **Holds for** one cell driven from outside; coupled cells exchange IP3 in the same form.
    """

    reservoir = Input("uM", "I_bias: IP3 in the reservoir")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    exchange = Parameter(2.0, "uM/s", "F_ex: largest exchange", "stimberg2019, example 3", low=0)
    threshold = Parameter(0.3, "uM", "I_theta: difference at half the largest exchange", "stimberg2019, example 3")
    width = Parameter(0.05, "uM", "omega_I: range of differences over which it opens", "stimberg2019, example 3")

    def rates(q):
        difference = q.ip3 - q.reservoir
        # The paper prints (1 + tanh((|difference| - threshold) / width)) / 2; this keeps its digits near zero.
        opened = boltzmann(absolute(difference), q.threshold, q.width / 2)

        return {"ip3": where(difference > 0 * q.width, -q.exchange, q.exchange) * opened}
