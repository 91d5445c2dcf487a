"""The slow inward current that an astrocyte's calcium causes in neurons."""

from tripartite.language import Input, Mechanism, Output, Parameter, log, where


class SlowInward(Mechanism):
    r"""Current in the neighbouring neurons that follows the logarithm of calcium above a threshold.

    It stands for glutamate on extrasynaptic NMDA receptors, without their kinetics.

    **Sources** form nadkarni_jung2003; values jiang2025, astrocyte model.
    **Holds for** calcium between threshold and a few µM; there is no current below threshold.
    """

    ca = Input("uM", "C: free calcium in the cytosol")
    sic = Output("pA", "I_SIC: current into each neighbouring neuron")

    sic_strength = Parameter(1.0, "pA", "SIC_scale: current per e-fold of calcium", "jiang2025, astrocyte model", low=0)
    sic_threshold = Parameter(0.19669, "uM", "SIC_th: threshold of calcium", "jiang2025, astrocyte model", low=0)
    sic_onset = Parameter(
        1.0, "nM", "calcium above threshold where the current begins", "jiang2025, astrocyte model", low=1e-9
    )

    def outputs(q):
        above = (q.ca - q.sic_threshold) / q.sic_onset

        return {"sic": q.sic_strength * log(where(above > 1, above, 1))}
