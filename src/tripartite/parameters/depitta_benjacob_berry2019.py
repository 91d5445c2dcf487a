"""De Pittà, Ben-Jacob and Berry (2019), chapter 5 of Computational Glioscience: values of its programs.

``DEFAULT`` is what the programs start from, ``EXTENDED`` the same with diacylglycerol and protein kinase C.
``OPEN_PROBABILITY`` was fitted to receptors recorded in bilayers, ``CALCIUM`` (at 0.16273 µM IP3) and ``CHI``
(beside a constant production of 0.14083 µM/s) to calcium of cultured astrocytes, and ``KINASE`` makes the figures
of protein kinase C. The fits describe 30 s of recording: left alone, ``CALCIUM`` comes to rest, and ``CHI``
oscillates with 4.4 s and dies out. ``EXTENDED`` oscillates at the 0.02 µM glutamate that its program adds.

The program behind the time courses of kinase C multiplies PLCδ by 1 + I/kappa_delta where the chapter, and
`Ip3Metabolism`, divide by it: it reaches 0.577 µM calcium at 1.55 µM glutamate, this package 0.556 µM.
"""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_SOURCE = "depitta_benjacob_berry2019, programs of the chapter"
_FIT = "depitta_benjacob_berry2019, fits stored with the programs of the chapter"

DEFAULT = ParameterSet(
    "default of the programs",
    _SOURCE,
    d1=0.1 * uM,
    d2=2.1 * uM,
    d3=0.9967 * uM,
    d5=0.2 * uM,
    inactivation=0.4 / uM / s,
    er_ratio=0.4,
    ca_total=4 * uM,
    release=7 / s,
    leak=0.05 / s,
    uptake=0.9 * uM / s,
    k_serca=0.1 * uM,
    v_delta=0.5 * uM / s,
    kappa_delta=1 * uM,
    k_delta=0.5 * uM,
    v_3k=2 * uM / s,
    k_d=0.5 * uM,
    k_3=1 * uM,
    r_5p=0 / s,
    production=3 * uM / s,
    binding=0.3 / uM / s,
    unbinding=1.8 / s,
    termination=0.0,
    k_kc=0.5 * uM,
    active=0.01,
    ip3=0.05 * uM,
    ca=0.05 * uM,
    h=0.99,
)
EXTENDED = DEFAULT.without("termination").but(
    "default with diacylglycerol and protein kinase C",
    k_kc=0.6 * uM,
    activation=0.5 / s,
    phosphorylation=1 / uM / s,
    deactivation=2.5 / s,
    v_dag_kinase=1.5 * uM / s,
    k_dag_ca=0.3 * uM,
    k_dag=0.05 * uM,
    dag_decay=0.1 / s,
    dag=0.05 * uM,
    pkc=0 * uM,
)

OPEN_PROBABILITY = ParameterSet(
    "open probability of IP3 receptors", _FIT, d1=0.1 * uM, d2=4.5 * uM, d3=0.1 * uM, d5=0.05 * uM,
    inactivation=0.325 / uM / s,
)  # fmt: skip
CALCIUM = OPEN_PROBABILITY.but(
    "calcium at a fixed IP3 of 0.16273 µM",
    release=7.7592 / s,
    uptake=5.4991 * uM / s,
    k_serca=0.1 * uM,
    ca_total=5 * uM,
    er_ratio=0.5,
    leak=0.1 / s,
    ca=0.5 * uM,
    h=1.0,
)
CHI = CALCIUM.but(
    "calcium and IP3",
    kappa_delta=(1 * uM, _SOURCE),
    k_delta=(0.5 * uM, _SOURCE),
    v_delta=0.025174 * uM / s,
    v_3k=0.16334 * uM / s,
    k_d=(0.5 * uM, _SOURCE),
    k_3=(1 * uM, _SOURCE),
    r_5p=0.86030 / s,
    ca=0.09749 * uM,
    h=0.97154,
    ip3=0.19018 * uM,
)

KINASE = EXTENDED.but(
    "oscillations with protein kinase C",
    d1=0.1 * uM,
    d2=4.5 * uM,
    d3=0.1 * uM,
    d5=0.05 * uM,
    inactivation=0.325 / uM / s,
    er_ratio=0.5,
    ca_total=5 * uM,
    release=0.8 * 7.7592 / s,
    leak=0.01 / s,
    uptake=5.4991 * uM / s,
    production=1 * uM / s,
    v_delta=0.025174 * uM / s,
    v_3k=1.4 * 0.16334 * uM / s,
    r_5p=0.86030 / s,
    k_kc=0.5 * uM,
    activation=0.28 / s,
    deactivation=0.33 / s,
    v_dag_kinase=0.45 * uM / s,
    k_dag=0.1 * uM,
    dag_decay=0.26 / s,
    active=0.0,
    ip3=0.05 * uM,
    h=0.9,
    dag=0 * uM,
)
