"""Numbers of the published table on astrocytes of several compartments."""

import numpy as np

import tripartite as tp
from tests.published import check
from tripartite.analysis import oscillation
from tripartite.mechanisms import RelativeCalcium
from tripartite.solve import continuation
from tripartite.units import s


def test_where_relative_calcium_oscillates() -> None:
    low, high = sorted(p.value.magnitude for p in continuation(RelativeCalcium(), "influx", 0.2, 1.0).hopf_points)
    check("cc_hopf_r_lo", low)
    check("cc_hopf_r_hi", high)


def test_the_period_of_relative_calcium() -> None:
    run = tp.simulate(
        RelativeCalcium(influx=0.5, ca=0.5),
        until=2000 * s,
        save_at=np.arange(1000, 2000, 0.1) * s,
        solver=tp.Tsit5(1e-8, 1e-10),
    )
    check("cc_period_r0.5", oscillation(run.time, run["ca"]).period)
