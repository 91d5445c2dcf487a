"""The part of RESULTS.md on networks, from the raw numbers of every part that was measured."""

from collections.abc import Callable
from typing import Any

from _page import table

Numbers = dict[str, Any]


def text(parts: dict[str, Numbers]) -> str:
    """All measured parts, in the order in which they are listed here."""
    return "\n\n".join(
        f"### {title}\n\n{write(parts[name]['measured'])}\n\n{_where(parts[name])}"
        for name, (title, write) in WRITERS.items()
        if name in parts
    )


def _where(part: Numbers) -> str:
    return f"`{part['command']}` ({part['seconds']:.0f} s for this part). {part['machine']}"


def _median(found: Numbers, digits: int = 3) -> str:
    return f"{found['median']:.{digits}g} ({found['least']:.{digits}g})"


def _compared(measured: Numbers) -> str:
    """Ours and theirs: seconds per biological second, ratio to our best in double precision."""
    ours, theirs = measured["ours"], measured["theirs"]
    double = [one for one in ours if one["precision"] == "float64"]
    best = min((one["s_per_biological_s"]["median"] for one in double), default=float("nan"))
    rows = []
    for one in ours:
        name = f"**tripartite, {one['precision']}, {_threads(one['threads'])}**"
        time = one["s_per_biological_s"]
        rows.append((name, _median(time), f"{time['median'] / best:.2f}", f"{one['rate_hz']:.2f}", _built(one)))
    for one in theirs:
        time = one["s_per_biological_s"]
        threads = "one CPU device" if "brainevent" in one["simulator"] else _threads(one["threads"])
        name = f"{one['simulator']}, {threads}"
        rows.append((name, f"{time:.3g}", f"{time / best:,.1f}", f"{one['rate_hz']:.2f}", _built(one)))
    head = ("", "s per biological s: median (least)", "ratio", "spikes/s", "building, s")
    notes = [f"Biological time: {ours[0]['biological_s']:g} s"]
    if ours[0]["warmup_s"]:
        notes[0] += f" after {ours[0]['warmup_s']:g} s"
    notes += ["ratios are to the faster of ours in double precision"]
    notes += [f"{ours[0]['s_per_biological_s']['repeats']} repeats of ours, all spikes recorded on every side"]
    counted = [(one.get("simulator", "tripartite"), one["connections"]) for one in (*ours, *theirs) if _counts(one)]
    notes += [f"{count:,} connections in {name}" for name, count in dict(counted).items()]
    return table(head, rows) + f"\n\n{'; '.join(notes)}."


def _counts(one: Numbers) -> bool:
    return isinstance(one.get("connections"), int)


def _threads(number: int) -> str:
    return "1 thread" if number == 1 else f"{number} threads"


def _built(one: Numbers) -> str:
    return f"{one['build_s']:.2f}"


def _kernels(measured: Numbers) -> str:
    rows = []
    for name, case in measured.items():
        for key, what in (("ns_per_neuron_step", "step of a cell"), ("ns_per_synaptic_event", "synaptic event")):
            if key in case:
                found = case[key]
                ratio = f"{found['ratio']['median']:.2f} ({found['ratio_of_least']:.2f})"
                rows.append((name, what, _median(found["ours"]), _median(found["c++"]), ratio))
    flags = next(iter(measured.values()))["flags"].replace(" -DHEUN", "").replace(" -DUSE_FLOAT", "")
    return (
        table(
            ("kernel", "per", "ours, ns: median (least)", "C++, ns: median (least)", "ratio: median (of least)"), rows
        )
        + f"\n\nGenerated kernels and the loops in `kernels/`, compiled with `g++ {flags}`, run in turn on one thread. "
        "Steps and deliveries alternate on both sides, each clocked apart; random numbers are not timed."
    )


def _scaling(measured: Numbers) -> str:
    rows = []
    for row in measured["rows"]:
        steps = row["cells"] * 1e4
        rows.append(
            (
                f"{row['cells']:,}",
                f"{row['stored']:,}",
                f"{row['rate_hz']:.1f}",
                f"{row['one_thread_s']:.3g}",
                f"{row['two_threads_s']:.3g}",
                f"{row['two_threads_s'] / steps * 1e9:.2f}",
                _median(row["ns_per_neuron_step"]),
                _median(row["ns_per_synaptic_event"]),
            )
        )
    head = (
        *("cells", "synapses", "spikes/s", "s per biological s, 1 thread", "2 threads"),
        *("ns per cell and step, everything, 2 threads", "kernel: ns per cell and step", "ns per synaptic event"),
    )
    slopes = measured["slopes"]
    stored = "; ".join(f"{name} {found['bytes_per_stored']:.1f}" for name, found in measured["bytes"].items())
    return (
        f"{table(head, rows)}\n\nCOBA with 200 pA and {measured['in_degree']} synapses onto every cell. Slope of log "
        f"time against log synaptic events: {slopes['one_thread_s']:.3f} on one thread, {slopes['two_threads_s']:.3f} "
        f"on two. Bytes of everything stored for a projection, per stored synapse: {stored}."
    )


def _building(measured: Numbers) -> str:
    rows = [
        (name, f"{found['connections']:,}", f"{found['million_per_s']['median']:.1f}")
        for name, found in measured.items()
    ]
    return table(("", "connections", "million per second, median"), rows)


def _large(measured: Numbers) -> str:
    rows = []
    for name, found in measured.items():
        if "failed" in found:
            rows.append((name, "failed: " + found["failed"].strip().splitlines()[-1], *("",) * 6))
            continue
        memory = "" if found["peak_memory_gib"] is None else f"{found['peak_memory_gib']:.1f}"
        rows.append(
            (
                *(name, f"{found['cells']:,}", f"{found['connections']:,}", f"{found['stored']:,}"),
                *(f"{found['bytes_per_stored']:.1f}", f"{found['million_per_s']:.1f}", memory),
                f"{found['s_per_biological_s']:.3g} at {found['rate_hz']:.1f} Hz",
            )
        )
    head = (
        *("", "cells", "connections", "stored", "bytes per stored synapse", "built, million per s"),
        *("peak memory, GiB", "s per biological s, 2 threads"),
    )
    return table(head, rows)


def _cold(measured: Numbers) -> str:
    named = {
        "nothing compiled": "first network after installation",
        "new": "a new network, when others have run",
        "known": "a known network",
    }
    rows = [
        (title, *(_median(measured[name][key]) for key in ("import_s", "build_s", "first_step_s", "process_s")))
        for name, title in named.items()
        if name in measured
    ]
    return (
        table(("", "import, s: median (least)", "building, s", "first step, s", "whole process, s"), rows)
        + "\n\nThe network of Stimberg et al. in a fresh process."
    )


def _astrocytes(measured: Numbers) -> str:
    lines = [
        f"{measured['cells']:,} microdomains of 20 IP3 receptors at 0.3 µM IP3, {measured['biological_s']:g} s.",
        "",
        "| form and step | one thread (s) | two threads (s) | rises through 0.2 µM per 100 s |",
        "|---|---|---|---|",
    ]
    for name, one in measured.items():
        if isinstance(one, dict) and "one_thread_s" in one:
            rises = f"{one['rises_per_100_s']:.2f} ± {one['error_of_rises']:.2f}"
            lines.append(f"| {name} | {_median(one['one_thread_s'])} | {_median(one['two_threads_s'])} | {rises} |")
    alike = measured["as in NEST"]
    lines += [
        "",
        f"The astrocyte of NEST (Li-Rinzel with IP3 that decays), {measured['cells']:,} cells in steps of "
        f"{alike['resolution_ms']:g} ms on one thread: {_median(alike['ns_per_step'])} ns per cell and step here"
        + (
            f", {alike['nest']['ns_per_step']:.0f} ns in NEST {alike['nest']['nest']}, which adapts its steps within."
            if alike["nest"]
            else "."
        ),
    ]
    return "\n".join(lines)


def _morphology(measured: Numbers) -> str:
    rows = [
        (title, _median(measured[key])) for title, key in (("1 thread", "one_thread_s"), ("2 threads", "two_threads_s"))
    ]
    low, high = measured["mean_ca_uM"]
    return (
        table(("", f"s per {measured['biological_s']:g} biological s: median (least)"), rows)
        + f"\n\nA made astrocyte of {measured['compartments']:,} compartments, G-ChI in each (Stimberg et al. 2019, "
        f"example 4; 2 µM glutamate at the leaflets), calcium and IP3 diffusing; steps of {measured['step_ms']:g} ms. "
        f"Mean calcium runs from {low:.2g} to {high:.2g} µM; it differs from that of steps of 1 ms by at most "
        f"{100 * measured['largest_error']:.2g} % of that range."
    )


WRITERS: dict[str, tuple[str, Callable[[Numbers], str]]] = {
    "stimberg": ("Stimberg et al. 2019, figure 6: 4,000 neurons, 3,200 astrocytes", _compared),
    "jiang": ("Jiang et al. 2025, Sparse: 10,000 neurons, 10,000 astrocytes", _compared),
    "coba": ("COBA: 4,000 neurons, no astrocytes", _compared),
    "kernels": ("Generated kernels against C++", _kernels),
    "scaling": ("Size", _scaling),
    "building": ("Building", _building),
    "large": ("As large as memory allows", _large),
    "morphology": ("Diffusion in a morphology", _morphology),
    "astrocytes": ("Astrocytes alone", _astrocytes),
    "cold": ("Starting anew", _cold),
}
