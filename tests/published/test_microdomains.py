"""A microdomain by the law of mass action."""

import tripartite as tp
from tests.published import check
from tripartite.protocols import Constant
from tripartite.units import s


def test_rest_of_the_microdomain():
    run = tp.simulate(tp.mechanisms.MeanMicrodomain(), Constant(ip3_influx=0 / s), until=20_000 * s)
    check("denizot_ode_ss_Ca", run["ca_molecules"][-1])
    check("denizot_ode_ss_IP3", run["ip3_molecules"][-1])
