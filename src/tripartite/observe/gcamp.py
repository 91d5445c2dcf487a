"""What a calcium indicator shows."""

from tripartite.language import Input, Mechanism, Output, Parameter, ParameterSet, hill
from tripartite.units import uM

_MEMORY = "chen2013, GCaMP6s; from memory, not checked against the paper"


class Gcamp(Mechanism):
    r"""Relative fluorescence change of GCaMP at equilibrium with calcium.

    ``dff`` is (F - F_0) / F_0 with F_0 at ``ca_rest``. The values are those of GCaMP6s;
    `GCAMP6M` and `GCAMP6F` are faster and less sensitive.

    **Sources** denizot2019 (affinity); chen2013 (exponent, dynamic range; not checked against the paper).
    **Holds for** calcium slower than the indicator (0.9 s off for 6s, 0.25 s for 6f), and no buffering by it.
    **Pitfalls** At 1 µM calcium, as in astrocytes, GCaMP6s shows 99.6 % of its largest change: peaks above look
    alike. The affinity inside cells differs from that of the purified protein.
    """

    ca = Input("uM", "C: free calcium in the cytosol")
    dff = Output("1", "relative change of fluorescence")

    k_d = Parameter(0.144, "uM", "K_d: calcium at half saturation", "denizot2019, GCaMP6s", low=0)
    exponent = Parameter(2.90, "1", "n: Hill exponent", _MEMORY, low=0)
    brightness = Parameter(63.2, "1", "R_f: saturated over calcium-free fluorescence", _MEMORY, low=1)
    ca_rest = Parameter(0.05, "uM", "calcium at which F_0 is taken", "assumed: typical resting calcium", low=0)

    def outputs(q):
        shown = 1 + (q.brightness - 1) * hill(q.ca, q.k_d, q.exponent)
        rest = 1 + (q.brightness - 1) * hill(q.ca_rest, q.k_d, q.exponent)

        return {"dff": shown / rest - 1}


GCAMP6F = ParameterSet(
    "GCaMP6f",
    "chen2013, GCaMP6f; from memory, not checked against the paper",
    k_d=(0.375 * uM, "denizot2019, GCaMP6f"),
    exponent=2.27,
    brightness=51.8,
)
GCAMP6M = ParameterSet(
    "GCaMP6m",
    "chen2013, GCaMP6m; from memory, not checked against the paper",
    k_d=0.167 * uM,
    exponent=2.96,
    brightness=38.1,
)
