"""A synapse whose glutamate spills out of the cleft to receptors outside, unless astrocytes take it up."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    AmpaKinetics,
    CleftGlutamate,
    ExtrasynapticGlutamate,
    FixedUtilization,
    GlutamateSpillover,
    KampaNmda,
    MichaelisMentenUptake,
    TsodyksMarkram,
)
from tripartite.units import s


class SpilloverSynapse(Model):
    """Glutamate from the bouton opens AMPA receptors in the spine, leaves the cleft by diffusion, and opens NMDA
    receptors of the dendrite outside until uptake and diffusion remove it.

    ``uptake``: mechanisms of clearance around the synapse, `MichaelisMentenUptake` by default; with
    `ActivitySlowing` or `TransporterDensity` beside it, they act on it. The first release brings 1.1 mM to the
    cleft (clements1992). ``coactive`` is the share of the neighbours that are active with it. Potentials of spine
    and dendrite are inputs.
    """

    def __init__(self, *uptake: Mechanism):
        bouton = Compartment(TsodyksMarkram(), FixedUtilization())
        released = CleftGlutamate().replace("clements1992, abstract: peak of 1.1 mM", dilution=1.1 / (0.6 * 500))
        inside = released.replace("assumed: no transporters in the cleft", clearance=0 / s)
        cleft = Compartment(inside, GlutamateSpillover())
        surround = Compartment(ExtrasynapticGlutamate(), *(uptake or (MichaelisMentenUptake(),)))
        spine, dendrite = Compartment(AmpaKinetics()), Compartment(KampaNmda())
        super().__init__(
            bouton=bouton,
            cleft=cleft,
            surround=surround,
            spine=spine,
            dendrite=dendrite,
            wiring=[
                bouton.release >> cleft.release,
                surround.glutamate >> cleft.glutamate_outside,
                cleft.glutamate >> spine.transmitter,
                surround.glutamate >> dendrite.glutamate,
            ],
        )
