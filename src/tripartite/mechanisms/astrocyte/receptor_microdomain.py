"""Calcium, IP3 and IP3 receptors of a microdomain, counted in molecules."""

from typing import Any

from tripartite.language import Input, Mechanism, Output, Parameter, State, Transition

_SOURCE = "denizot2019, well-mixed model as coded in ModelDB 247694"
_SITES = {"a": "activating calcium", "p": "IP3", "i": "inhibiting calcium"}
_BOUND = [(a, p, i) for a in (0, 1) for p in (0, 1) for i in (0, 1)]


def _name(bound: tuple[int, ...]) -> str:
    return "sites_" + ("".join(site for site, there in zip(_SITES, bound, strict=True) if there) or "none")


def _reactions(q: Any) -> dict[str, Transition]:
    """All reactions; those of two molecules come at a rate over the volume."""
    ca, ip3 = {"ca_molecules": 1}, {"ip3_molecules": 1}
    found = {
        "influx": Transition(None, q.influx, ca),
        "removal": Transition(q.ca_molecules, q.removal, {"ca_molecules": -1}),
        "release": Transition(q.sites_ap, q.release, ca),
        "production": Transition(q.ca_molecules, q.production * q.plc / q.volume, ip3),
        "stimulus": Transition(None, q.ip3_influx, ip3),
        "degradation": Transition(q.ip3_molecules, q.degradation, {"ip3_molecules": -1}),
    }
    rates: dict[str, tuple[Any, Any, str]] = {
        "a": (q.binding_a, q.unbinding_a, "ca_molecules"),
        "p": (q.binding_p, q.unbinding_p, "ip3_molecules"),
        "i": (q.binding_i, q.unbinding_i, "ca_molecules"),
    }
    for place, (site, (binding, unbinding, ligand)) in enumerate(rates.items()):
        for bound in (b for b in _BOUND if not b[place]):
            free, taken = _name(bound), _name((*bound[:place], 1, *bound[place + 1 :]))
            together = binding / q.volume * getattr(q, ligand)
            found[f"{site} to {free}"] = Transition(getattr(q, free), together, {ligand: -1, free: -1, taken: 1})
            found[f"{site} from {taken}"] = Transition(getattr(q, taken), unbinding, {ligand: 1, free: 1, taken: -1})
    return found


class StochasticMicrodomain(Mechanism):
    r"""Every calcium ion, IP3 molecule and IP3 receptor of a microdomain, reacting at random.

    A receptor has three independent sites: activating calcium, IP3 and inhibiting calcium. It is open with
    the first two bound and the third free, and then lets calcium in. ``sites_ap`` counts those, and so on.

    **Sources** denizot2019, well-mixed model as coded in ModelDB 247694.
    **Holds for** a volume in which molecules meet all others equally often; the counts and the volume are in
    the arbitrary units of the program, and one unit of its time is taken as one second.
    **Pitfalls** the program's a_2, b_2 are the a_3, b_3 of the paper. The affinities are effective ones at the
    mouth of a channel: never mix them with those of `LiRinzel`.
    """

    ca_molecules = State(50.0, "1", "Ca: number of calcium ions", low=0)
    ip3_molecules = State(15.0, "1", "IP3: number of IP3 molecules", low=0)
    sites_none = State(1000.0, "1", "number of receptors with no site bound", low=0)
    sites_a = State(0.0, "1", "receptors with activating calcium", low=0)
    sites_p = State(0.0, "1", "receptors with IP3", low=0)
    sites_i = State(0.0, "1", "receptors with inhibiting calcium", low=0)
    sites_ap = State(0.0, "1", "receptors with activating calcium and IP3: open", low=0)
    sites_ai = State(0.0, "1", "receptors with activating and inhibiting calcium", low=0)
    sites_pi = State(0.0, "1", "receptors with IP3 and inhibiting calcium", low=0)
    sites_api = State(0.0, "1", "receptors with all sites bound", low=0)
    ip3_influx = Input("1/s", "IP3 brought in from outside")
    receptors = Output("1", "number of receptors")

    volume = Parameter(4e4, "1", "V: volume, in places for a molecule", _SOURCE, low=1)
    influx = Parameter(50.0, "1/s", "gamma: calcium from outside", _SOURCE, low=0)
    removal = Parameter(1.0, "1/s", "alpha: removal of calcium", _SOURCE, low=0)
    release = Parameter(50.0, "1/s", "mu: calcium through an open receptor", _SOURCE, low=0, target="IP3 receptor")
    plc = Parameter(1000.0, "1", "number of PLC molecules", _SOURCE, low=0)
    production = Parameter(0.1, "1/s", "delta: IP3 made where calcium meets PLC", _SOURCE, low=0)
    degradation = Parameter(0.01, "1/s", "beta: degradation of IP3", _SOURCE, low=0)
    binding_a = Parameter(1.0, "1/s", "a_1: binding of activating calcium", _SOURCE, low=0)
    unbinding_a = Parameter(0.1, "1/s", "b_1: unbinding of activating calcium", _SOURCE, low=0)
    binding_p = Parameter(1.0, "1/s", "a_2: binding of IP3", _SOURCE, low=0)
    unbinding_p = Parameter(0.1, "1/s", "b_2: unbinding of IP3", _SOURCE, low=0)
    binding_i = Parameter(0.1, "1/s", "a_3: binding of inhibiting calcium", _SOURCE, low=0)
    unbinding_i = Parameter(0.1, "1/s", "b_3: unbinding of inhibiting calcium", _SOURCE, low=0)

    def outputs(q):
        return {"receptors": sum((getattr(q, _name(bound)) for bound in _BOUND[1:]), q.sites_none)}

    def transitions(q):
        return _reactions(q)


class MeanMicrodomain(StochasticMicrodomain):
    r"""The law of mass action for `StochasticMicrodomain`: its mean numbers if there were very many molecules.

    **Sources** denizot2019, well-mixed model as coded in ModelDB 247694.
    **Holds for** microdomains with far more molecules than these have; it has no spontaneous events.
    """

    transitions = None  # type: ignore[assignment]

    def rates(q):
        found: dict[str, Any] = {}
        for reaction in _reactions(q).values():
            for name, change in reaction.change.items():
                step = reaction.hazard * change
                found[name] = found[name] + step if name in found else step
        return found
