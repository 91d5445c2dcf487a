"""Time G-ChI over many parameter sets with libroadrunner (CVODE), in one process.

The model is the one of `scipy_lsoda.py`, written in Antimony and compiled by libroadrunner
from SBML. It needs an environment of its own, see `benchmarks/README.md`. Prints JSON.
"""

import argparse
import json
import time

import antimony
import numpy as np
import roadrunner
from parameter_sets import parameter_sets
from scipy_lsoda import reference

# Powers are written as products and only one `^` is left, so that the baseline is not slowed.
GCHI = """
model gchi
  uptake = 0.9; glutamate = 1.0;
  C = 0.09; h = 0.78; I = 0.22;
  gradient := 2.0 - 1.185*C;
  gate := I/(I + 0.13) * C/(C + 0.08234) * h;
  Q2 := 1.049*(I + 0.13)/(I + 0.9434);
  K_gamma := 1.3 + 10.0*C/(C + 0.6);
  J_beta := 0.2/(1 + (K_gamma/glutamate)^0.7);
  J_delta := 0.02/(1 + I/1.5) * C*C/(C*C + 0.01);
  J_3K := 2.0*C*C*C*C/(C*C*C*C + 0.2401) * I/(I + 1.0);
  C' = (6.0*gate*gate*gate + 0.11)*gradient - uptake*C*C/(C*C + 0.01);
  h' = 0.2*(Q2*(1 - h) - C*h);
  I' = J_beta + J_delta - J_3K - 0.04*I;
end
"""
DURATION, POINTS = 100.0, 1001


def sbml(model: str) -> str:
    """SBML text of a model written in Antimony."""
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(model) < 0:
        raise ValueError(antimony.getLastError())
    return antimony.getSBMLString(antimony.getMainModuleName())


def load(*, stiff: bool) -> roadrunner.RoadRunner:
    """The compiled model with CVODE at relative 1e-6 and absolute 1e-9."""
    model = roadrunner.RoadRunner(sbml(GCHI))
    model.setIntegrator("cvode")
    model.integrator.relative_tolerance = 1e-6
    model.integrator.absolute_tolerance = 1e-9
    model.integrator.stiff = stiff
    model.integrator.maximum_num_steps = 100_000
    model.timeCourseSelections = ["C", "h", "I"]
    return model


def simulate(model: roadrunner.RoadRunner, uptake: float, glutamate: float, points: int = POINTS) -> np.ndarray:
    """Trajectory `(time, 3)` from the initial state, ordered C, h, I."""
    model.reset()
    model["uptake"] = uptake
    model["glutamate"] = glutamate
    return model.simulate(0, DURATION, points)


def measure(count: int, *, stiff: bool, points: int = POINTS) -> dict[str, float]:
    """Seconds for the compilation and for `count` sets."""
    begin = time.perf_counter()
    model = load(stiff=stiff)
    compiled = time.perf_counter()
    checksum = 0.0
    for uptake, glutamate in zip(*parameter_sets(count), strict=True):
        checksum += simulate(model, uptake, glutamate, points)[-1, 0]
    total = time.perf_counter() - compiled
    return {
        "sets": count,
        "compile_s": compiled - begin,
        "total_s": total,
        "per_set_s": total / count,
        "mean_final_C_uM": checksum / count,
    }


def largest_differences(count: int, *, stiff: bool) -> list[list[float]]:
    """Per set, the largest absolute difference of C, h, I from SciPy at rtol 1e-10."""
    model = load(stiff=stiff)
    return [
        np.abs(np.asarray(simulate(model, u, g)) - reference(u, g)).max(axis=0).tolist()
        for u, g in zip(*parameter_sets(count), strict=True)
    ]


def main() -> None:
    """Run the chosen number of sets with the faster of CVODE's two methods."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=10_000)
    parser.add_argument("--checked", type=int, default=5, help="sets compared with SciPy")
    arguments = parser.parse_args()
    trial = {method: measure(200, stiff=method == "BDF")["per_set_s"] for method in ("BDF", "Adams")}
    method = min(trial, key=lambda name: trial[name])
    report = {
        "libroadrunner": roadrunner.__version__,
        "per_set_s_of_200": trial,
        "method": method,
        # What remains when only the end is saved: most of the time goes into saved points.
        "per_set_s_of_200_saving_2_points": measure(200, stiff=method == "BDF", points=2)["per_set_s"],
        **measure(arguments.sets, stiff=method == "BDF"),
        "max_difference": largest_differences(arguments.checked, stiff=method == "BDF"),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
