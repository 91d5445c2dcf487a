"""The tripartite synapse of Stimberg et al. (2019): bouton, cleft, astrocyte, and the way back."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    CleftGlutamate,
    FixedUtilization,
    Gliotransmitter,
    GlutamateReceptor,
    Ip3Metabolism,
    LiRinzel,
    PresynapticReceptor,
    ThresholdExocytosis,
    TsodyksMarkram,
)
from tripartite.parameters.stimberg2019 import EXAMPLE_4


class Synapse(Model):
    """A bouton with short-term plasticity and its cleft, without an astrocyte."""

    def __init__(self, utilization: Mechanism | None = None):
        bouton = Compartment(TsodyksMarkram(), FixedUtilization() if utilization is None else utilization)
        cleft = Compartment(CleftGlutamate())
        super().__init__(bouton=bouton, cleft=cleft, wiring=[bouton.release >> cleft.release])


class ReleaseDecreasing(PresynapticReceptor):
    """Presynaptic receptors that silence the bouton when bound (alpha = 0)."""


class ReleaseIncreasing(PresynapticReceptor):
    """Presynaptic receptors that make release certain when bound (alpha = 1)."""

    effect = PresynapticReceptor.effect.but(value=1.0, source="depitta_brunel2016, facilitating synapse")


class TripartiteSynapse(Model):
    """Spikes release glutamate, glutamate raises astrocytic calcium, calcium releases gliotransmitter,
    and that acts on the bouton.

    ``driven``: more mechanisms of the astrocyte, such as `Ip3Reservoir`. The values are those of the paper's
    closed loop, example 4; choose another with `Model.using`.
    """

    def __init__(self, gliotransmission: PresynapticReceptor | None = None, *driven: Mechanism):
        bouton = Compartment(TsodyksMarkram(), ReleaseDecreasing() if gliotransmission is None else gliotransmission)
        cleft = Compartment(CleftGlutamate())
        calcium = (LiRinzel(), Ip3Metabolism(), GlutamateReceptor())
        astrocyte = Compartment(*calcium, ThresholdExocytosis(), *driven).using(EXAMPLE_4)
        around = Compartment(Gliotransmitter())
        super().__init__(
            bouton=bouton,
            cleft=cleft,
            astrocyte=astrocyte,
            around=around,
            wiring=[
                bouton.release >> cleft.release,
                cleft.glutamate >> astrocyte.glutamate,
                astrocyte.gliorelease >> around.gliorelease,
                around.gliotransmitter >> bouton.gliotransmitter,
            ],
        )


class OpenLoopSynapse(Model):
    """A synapse under the gliotransmission of an astrocyte that it does not reach.

    ``astrocyte``: what its calcium comes from, such as ``LiRinzel(), Ip3Metabolism(), Ip3Reservoir()``; with
    none, calcium is an input of the experimenter and every rise through the threshold is a release.
    """

    def __init__(self, gliotransmission: PresynapticReceptor | None = None, *astrocyte: Mechanism):
        bouton = Compartment(TsodyksMarkram(), ReleaseDecreasing() if gliotransmission is None else gliotransmission)
        cleft = Compartment(CleftGlutamate())
        distant = Compartment(*astrocyte, ThresholdExocytosis())
        around = Compartment(Gliotransmitter())
        super().__init__(
            bouton=bouton,
            cleft=cleft,
            astrocyte=distant,
            around=around,
            wiring=[
                bouton.release >> cleft.release,
                distant.gliorelease >> around.gliorelease,
                around.gliotransmitter >> bouton.gliotransmitter,
            ],
        )
