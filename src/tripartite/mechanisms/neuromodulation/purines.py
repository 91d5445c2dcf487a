"""Adenosine made from the ATP that an astrocyte releases."""

from tripartite.language import Input, Mechanism, Parameter, State


class Purines(Mechanism):
    r"""ATP from a gliotransmitter release, turned into adenosine outside the cells, which is taken up.

    Enzymes that remove one phosphate after the other are taken together as one first-order step. Amounts
    are in units of the scale of adenosine, as in `AdenosineUtilization`, which reads them.

    **Sources** form assumed (first-order chain); values assumed.
    **Holds for** concentrations far below saturation of the enzymes and of uptake.
    """

    atp = State(0.0, "1", "ATP: extracellular ATP, in units of the scale of adenosine", low=0)
    adenosine = State(0.0, "1", "a: adenosine in units of its scale", low=0)
    gliorelease = Input("1", "r_A: fraction of gliotransmitter released")

    content = Parameter(
        1.0, "1", "ATP outside when everything is released", "assumed: sets the scale of adenosine", low=0
    )
    conversion = Parameter(
        0.5, "1/s", "rate at which ATP becomes adenosine", "assumed: conversion takes seconds", low=0
    )
    removal = Parameter(0.1, "1/s", "1/tau_a: rate of uptake of adenosine", "assumed: uptake takes 10 s", low=0)

    def rates(q):
        converted = q.conversion * q.atp

        return {"atp": -converted, "adenosine": converted - q.removal * q.adenosine}

    def on_gliorelease(q):
        return {"atp": q.atp + q.content * q.gliorelease}
