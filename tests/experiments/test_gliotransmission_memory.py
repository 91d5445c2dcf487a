"""How long gliotransmission is remembered: verdicts, and broken receptors and weights that fail them."""

from tripartite.experiments import gliotransmission_memory
from tripartite.experiments.gliotransmission_memory import GliotransmissionMemory

from .verdicts import quick, unmet, verdicts

EXPERIMENT = GliotransmissionMemory()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_slow_ionotropic_receptors_and_another_window_fail(monkeypatch):
    monkeypatch.setattr(gliotransmission_memory, "RATES", (1, 5))
    data = quick(
        EXPERIMENT,
        ionotropic={"unbinding": "0.5 1/s"},
        metabotropic={"unbinding": "0.1 1/s"},
        plastic={"tau_plus": "20 ms"},
    )
    assert {statement for statement, verdict in verdicts(EXPERIMENT, data).items() if verdict == "fail"} == {
        "Half of the presynaptic NMDA receptors are bound at 0.56 µM",
        "Half of the metabotropic receptors are bound at 5.556 nM",
        "Presynaptic NMDA receptors let go with 178.6 ms",
        "Metabotropic receptors let go with 120 s",
        "Two pairs in the gate raise it by twice the window at 10 ms",
        "The spike 1.5 s after it left: the ionotropic change has gone, within 2 %",
        "At the end of the minute more than half of the metabotropic change is left",
    }


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
