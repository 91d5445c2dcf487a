"""The two published neuron-astrocyte networks and COBA, beside the simulators they were published with."""

from typing import Any

import numpy as np

from networks.timing import DRIVEN, Choices, baseline, in_precision, timed
from tripartite.models import SPARSE, CobaNetwork, JiangNetwork, StimbergNetwork
from tripartite.models.coba_network import coba_parts
from tripartite.network import Network


def stimberg(choices: Choices) -> dict[str, Any]:
    """Figure 6 of Stimberg et al. (2019), from 0 s: ours on one and two threads, Brian2 C++ standalone on two."""
    seconds = choices.seconds["stimberg"]
    network = StimbergNetwork()
    ours = [timed(network, threads, seconds, 0, choices.repeats) for threads in (1, 2)]
    theirs = baseline(choices.brian2, "brian2_stimberg_network.py", "--seconds", seconds, "--threads", 2)
    return {"ours": ours, "theirs": _several(theirs)}


def jiang(choices: Choices) -> dict[str, Any]:
    """Sparse of Jiang et al. (2025), full size: ours in double and single precision, NEST; two threads each."""
    seconds, warmup = choices.seconds["jiang"], choices.seconds["jiang_warmup"]
    scale = 0.1 if choices.quick else 1.0
    ours = []
    for precision in (np.float64, np.float32):
        network = in_precision(JiangNetwork(SPARSE, scale=scale), precision)
        ours.append({**timed(network, 2, seconds, warmup, choices.repeats), "connections": _connections(network)})
    arguments = ("--seconds", seconds, "--warmup", warmup, "--threads", 2, "--scale", scale, "--no-record")
    return {"ours": ours, "theirs": _several(baseline(choices.nest, "nest_astrocyte_brunel.py", *arguments))}


def coba(choices: Choices) -> dict[str, Any]:
    """4,000 neurons without astrocytes, 200 pA into each: ours, Brian2, NEST and brainevent."""
    seconds = choices.seconds["coba"]
    parts = coba_parts()
    parts["neuron"] = parts["neuron"].using(DRIVEN)
    ours = []
    for precision in (np.float64, np.float32):
        network = in_precision(CobaNetwork(parts), precision)
        ours += [timed(network, threads, seconds, 0, choices.repeats, min(0.1, seconds / 2)) for threads in (1, 2)]
    theirs = []
    for python, script in ((choices.brian2, "brian2_coba.py"), (choices.nest, "nest_coba.py")):
        for threads in (1, 2):
            command = ("--drive", 200, "--seconds", seconds, "--threads", threads)
            theirs.append(baseline(python, script, *command))
    for more in ((), ("--float64",)):
        command = ("--drive", 200, "--seconds", seconds, *more)
        theirs.append(baseline(choices.brainevent, "brainevent_coba.py", *command))
    return {"ours": ours, "theirs": _several(*theirs)}


def _several(*printed: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [one for one in printed if one is not None]


def _connections(network: Network) -> int:
    """Connections as NEST counts them: synapses, and to and from an astrocyte where there is one."""
    found = 0
    for joined in network.start(threads=2).layout.joined:
        found += joined.edges
        for name, cells in joined.mates.items():
            size = joined.plan.projection.partners[name].cells.group.size
            found += 2 * int(np.count_nonzero(cells < size))
    return found
