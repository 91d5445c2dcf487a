"""What instruments show."""

import tripartite as tp
from tests.published import check
from tripartite.protocols import Constant
from tripartite.units import s, uM


def test_fluorescence_of_gcamp6s_at_half_a_micromolar():
    result = tp.simulate(tp.Model(cell=tp.observe.Gcamp()), Constant(ca=0.5 * uM), until=1 * s)
    check("gcamp6s_dff_C0.5", result["dff"][0])
