"""Release of gliotransmitter, and what it binds."""

import tripartite as tp
from tests.published import check
from tripartite.units import s, uM

TIGHT = tp.Tsit5(1e-9, 1e-12)


def test_one_release_of_gliotransmitter_and_what_it_binds():
    synapse = tp.models.OpenLoopSynapse()
    pulse = tp.protocols.Pulses("astrocyte.ca", 1 * uM, [1] * s, 1 * s)
    result = tp.simulate(synapse, pulse, until=1.5 * s, solver=TIGHT, save_at=[1.0, 1.5] * s)
    check("glio_first_GA_uM", result["gliotransmitter"][0])
    unbound = tp.simulate(synapse.replace({"unbinding": 0 / s}), pulse, until=1.5 * s, solver=TIGHT, save_at=[1.5] * s)
    check("glio_gammaS_one_event", unbound["bound"][0])


def test_first_calcium_peak_of_an_astrocyte_driven_by_spikes():
    from tripartite.experiments import experiment

    chosen = experiment("stimberg2019-synapse")
    data = chosen.run(chosen.models(), quick=True)
    check("stim_ex2_first_Ca_peak_s", data["peak_time_1"])
    check("stim_ex2_first_Ca_peak_uM", data["peak_height_1"])
