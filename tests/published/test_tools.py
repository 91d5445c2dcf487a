"""Published numbers of genetic and optical tools."""

import tripartite as tp
from tests.published import check
from tripartite.mechanisms import ChR2
from tripartite.protocols import Constant
from tripartite.units import Quantity, ms, mV


def test_channelrhodopsin_peaks_as_its_model_says():
    light = Constant(v=-80 * mV, responsiveness=Quantity(0.0, "1/pF"), irradiance=Quantity(5.0, "mW/mm**2"))
    run = tp.simulate(ChR2(), light, until=20 * ms, save_every=0.01 * ms, solver=tp.Tsit5(rtol=1e-9, atol=1e-12))
    check("chr2_peak_m80_5mW", run["chr2_open"].max())
