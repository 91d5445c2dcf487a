"""What a calcium indicator shows."""

import tripartite as tp
from tests.published import check
from tripartite.observe import Gcamp
from tripartite.protocols import Constant
from tripartite.units import s, uM


def test_the_change_of_gcamp6s_at_half_a_micromolar():
    run = tp.simulate(Gcamp(), Constant(ca=0.5 * uM), until=1 * s, save_at=[1] * s)
    check("gcamp6s_dff_C0.5", run["dff"][-1])
