"""Published results, one a file, run by name and judged by their claims."""

from __future__ import annotations

import importlib
from functools import cache

from tripartite import arguments
from tripartite.errors import ArgumentError, room, said
from tripartite.experiments.base import Claim, Experiment
from tripartite.language import Mechanism

INDEX = {
    "covelo2018-perea2007-time-course": "release_time_course:ReleaseTimeCourse",
    "lirinzel1994-bifurcation": "li_rinzel_bifurcation:LiRinzelBifurcation",
    "shuai-jung2002-puffs": "receptor_cluster_puffs:ReceptorClusterPuffs",
    "denizot2019-microdomain": "microdomain_molecules:MicrodomainMolecules",
    "depitta2009-encoding": "calcium_encoding:CalciumEncoding",
    "handy2017-open-cell": "open_cell:OpenCellOscillations",
    "chen2008-stim-orai": "stim_orai:StimOraiOscillations",
    "marhl2000-mitochondria": "mitochondria:MitochondrialBursts",
    "stimberg2019-synapse": "stimberg_synapse:StimbergSynapse",
    "depitta2011-release": "release_modulation:ReleaseModulation",
    "adenosine-a1-feedback": "adenosine_feedback:AdenosineFeedback",
    "dserine-nmdar-gate": "dserine_gate:DserineGate",
    "astrocyte-gated-stdp": "gated_stdp:GatedPlasticity",
    "brette2007-coba": "coba_balanced:CobaBalanced",
    "stimberg2019-network": "stimberg_network:StimbergStep",
    "stimberg2019-ring": "astrocyte_ring:AstrocyteRingWaves",
    "jiang2025-sparse": "jiang_networks:JiangSparse",
    "jiang2025-synchronous": "jiang_networks:JiangSynchronous",
    "herzog2013-calcium": "culture_calcium:CultureCalcium",
    "hodgkin-huxley1952-rates": "hodgkin_huxley:HodgkinHuxleyRates",
    "wang-buzsaki1996-rates": "wang_buzsaki:WangBuzsakiRates",
    "izhikevich2003-patterns": "izhikevich_patterns:IzhikevichPatterns",
    "naud2008-patterns": "adex_patterns:AdexPatterns",
    "cresswell-clay2018-events": "local_global_events:LocalGlobalEvents",
    "cressman2009-seizures": "potassium_seizures:PotassiumSeizures",
    "kampa2004-nmda": "kampa_nmda:KampaUnblock",
    "savtchenko2018-diffusion": "calcium_diffusion:CalciumDiffusion",
    "savtchenko2018-eaat2": "eaat2_cycle:Eaat2Cycle",
    "kir41-loss": "kir_loss:KirLoss",
    "lavrentovich2008-spontaneous": "lavrentovich_spontaneous:SpontaneousAstrocyte",
    "riera2011-reproducibility": "riera_reproducibility:RieraReproducibility",
    "ullah2006-hopf": "ullah_hopf:UllahHopf",
    "vaidyanathan2021-hm3dq": "hm3dq_surge:Hm3dqSurge",
    "williams2013-chr2": "channelrhodopsin_photocurrent:Photocurrent",
    "deyoung-keizer1992-receptor": "deyoung_keizer_receptor:DeYoungKeizerReceptor",
    "chen2013-indicators": "indicator_curves:IndicatorCurves",
    "cascade-ground-truth": "cascade_ground_truth:CascadeGroundTruth",
    "armbruster2016-uptake": "slowed_uptake:SlowedUptake",
    "depitta2019-kinase": "kinase_encoding:KinaseEncoding",
    "arnth-jensen2002-spillover": "spillover:SpilloverCooperation",
    "wang-noradrenaline": "noradrenaline_transient:NoradrenalineTransient",
    "depitta2011-mean-field": "mean_gliotransmission:MeanGliotransmission",
    "halnes2013-buffering": "spatial_buffering:SpatialBuffering",
    "jiang2025-slow-inward-current": "slow_inward_current:SlowInwardCurrents",
    "durkee2019-hm4di": "hm4di_activation:Hm4diActivation",
    "goldberg2010-waves": "gap_junction_waves:GapJunctionWaves",
    "destexhe1998-receptors": "driven_receptors:DrivenReceptors",
    "knockout-table": "knockout_table:KnockoutTable",
    "tsodyks1998-synapses": "frequency_dependence:FrequencyDependence",
    "kir41-currents": "kir_currents:KirCurrents",
    "dambrosio1999-potassium": "potassium_sag:PotassiumSag",
    "lines2024-surge": "calcium_surge:CalciumSurge",
    "rupprecht2024-centripetal": "centripetal_propagation:CentripetalPropagation",
    "takata2008-decorrelation": "microdomain_correlation:MicrodomainCorrelation",
    "siegert1951-noise": "noisy_firing:NoisyFiring",
    "dickinson2016-uncaging": "uncaging:UncagingAtAPlace",
    "luo-rudy1994-carriers": "ion_carriers:IonCarriers",
    "stimberg2019-noise": "noise_at_rest:NoiseAtRest",
    "gliotransmission-memory": "gliotransmission_memory:GliotransmissionMemory",
    "stimberg2019-quantal-release": "quantal_release:QuantalRelease",
    "wall-dale2013-purines": "purine_cascade:PurineSteps",
    "savin2009-tnf": "tnf_scaling:GlialScaling",
    "milstein2021-place-fields": "moving_place_fields:MovingPlaceFields",
    "depitta2019-release-routes": "release_routes:ReleaseRoutes",
    "perea2016-paired-pulses": "paired_pulses:PairedPulses",
    "bergles1998-transporters": "transporter_kinetics:TransporterKinetics",
    "depitta2012-gliotransmission": "gliotransmission_courses:GliotransmissionCourses",
    "zhang2009-glycine": "coagonist_affinity:CoagonistAffinity",
    "mak1998-receptor": "recorded_receptor:RecordedReceptor",
    "depitta2012-time-courses": "calcium_time_courses:CalciumTimeCourses",
}
"""Module and class of every experiment, by name."""

__all__ = ["INDEX", "Claim", "Experiment", "experiment", "featuring"]

__getattr__, __dir__ = room(__name__, __all__)


def experiment(name: str) -> Experiment:
    """The experiment of that name."""
    module, _, kind = INDEX[arguments.known(name, INDEX, "There is no experiment")].partition(":")
    return getattr(importlib.import_module(f"tripartite.experiments.{module}"), kind)()


def featuring(kind: type[Mechanism]) -> list[str]:
    """Names of the experiments whose models contain a mechanism, those with the fewest mechanisms first."""
    if not isinstance(kind, type) or not issubclass(kind, Mechanism):
        raise ArgumentError(f"`kind` is a class of mechanisms; got {said(kind)}. Write for instance `LiRinzel`.")
    return _featured().get(kind, [])


@cache
def _featured() -> dict[type[Mechanism], list[str]]:
    parts = {name: [p for m in experiment(name).models().values() for p in m.system.parts] for name in INDEX}
    held = {name: {type(part.mechanism) for part in found} for name, found in parts.items()}
    names: dict[type[Mechanism], list[str]] = {}
    for name in sorted(INDEX, key=lambda name: len(held[name])):
        for kind in held[name]:
            names.setdefault(kind, []).append(name)
    return names
