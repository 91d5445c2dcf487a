"""Textbook systems whose bifurcations are known in closed form, declared as mechanisms."""

from tripartite.language import Input, Mechanism, Parameter, State

_TEXT = "assumed: normal form"


class SaddleNode(Mechanism):
    """Fixed points at ±√-a; they meet at a = 0."""

    x = State(-0.9, "1", "x")
    a = Parameter(0.0, "1", "distance from the fold", _TEXT)
    rate = Parameter(1.0, "1/s", "sets the unit of time", _TEXT)

    def rates(q):
        return {"x": q.rate * (q.a + q.x**2)}


class Pitchfork(Mechanism):
    """The branch x = 0 loses its stability to ±√a at a = 0."""

    x = State(0.0, "1", "x")
    a = Input("1", "bifurcation parameter")
    rate = Parameter(1.0, "1/s", "sets the unit of time", _TEXT)

    def rates(q):
        return {"x": q.rate * (q.a * q.x - q.x**3)}


class Cusp(Mechanism):
    """Folds at a = ±2 (b/3)^(3/2); they meet at b = 0."""

    x = State(-1.0, "1", "x")
    a = Input("1", "asymmetry")
    b = Parameter(1.0, "1", "distance from the cusp", _TEXT)
    rate = Parameter(1.0, "1/s", "sets the unit of time", _TEXT)

    def rates(q):
        return {"x": q.rate * (q.a + q.b * q.x - q.x**3)}


class HopfNormalForm(Mechanism):
    """Oscillation with angular frequency ω born at a = 0."""

    x = State(0.1, "1", "x")
    y = State(0.0, "1", "y")
    a = Input("1", "bifurcation parameter")
    omega = Parameter(3.0, "1/s", "angular frequency", _TEXT)
    rate = Parameter(1.0, "1/s", "sets the unit of time", _TEXT)

    def rates(q):
        growth = q.rate * (q.a - q.x**2 - q.y**2)

        return {"x": growth * q.x - q.omega * q.y, "y": growth * q.y + q.omega * q.x}


class NeutralSaddle(Mechanism):
    """A saddle at the origin with eigenvalues 1 and a - 1, whose sum vanishes at a = 0: no bifurcation."""

    x = State(0.1, "1", "x")
    y = State(0.0, "1", "y")
    a = Input("1", "sum of the two eigenvalues")
    rate = Parameter(1.0, "1/s", "sets the unit of time", _TEXT)

    def rates(q):
        return {"x": q.rate * q.x, "y": q.rate * ((q.a - 1) * q.y + q.x)}


class Brusselator(Mechanism):
    """Fixed point (A, B/A); Hopf point at B = 1 + A² with angular frequency A."""

    x = State(1.0, "1", "X", low=0)
    y = State(1.0, "1", "Y", low=0)
    feed = Parameter(2.0, "1", "A", _TEXT, low=0)
    b = Parameter(1.0, "1", "B", _TEXT, low=0)
    rate = Parameter(1.0, "1/s", "sets the unit of time", _TEXT)

    def rates(q):
        made = q.x**2 * q.y

        return {"x": q.rate * (q.feed + made - (q.b + 1) * q.x), "y": q.rate * (q.b * q.x - made)}


class Chain(Mechanism):
    """Ten states: a Hopf pair at a = 0 driving eight decaying followers."""

    x = State(0.0, "1", "x")
    y = State(0.0, "1", "y")
    s1 = State(0.0, "1", "follower")
    s2 = State(0.0, "1", "follower")
    s3 = State(0.0, "1", "follower")
    s4 = State(0.0, "1", "follower")
    s5 = State(0.0, "1", "follower")
    s6 = State(0.0, "1", "follower")
    s7 = State(0.0, "1", "follower")
    s8 = State(0.0, "1", "follower")
    a = Input("1", "bifurcation parameter")
    omega = Parameter(2.0, "1/s", "angular frequency", _TEXT)
    rate = Parameter(1.0, "1/s", "sets the unit of time", _TEXT)

    def rates(q):
        growth = q.rate * (q.a - q.x**2 - q.y**2)
        row = [q.x, q.s1, q.s2, q.s3, q.s4, q.s5, q.s6, q.s7, q.s8]
        followers = {f"s{k}": q.rate * (row[k - 1] - k * row[k] / 2) for k in range(1, 9)}

        return {"x": growth * q.x - q.omega * q.y, "y": growth * q.y + q.omega * q.x, **followers}
