"""Noise of the influx of calcium, partly common to all processes of a cell."""

from tripartite.language import Input, Mechanism, Parameter, State, sqrt

_TEXT = "cresswell_clay2018; value of the authors' program"
_STEP = "assumed: time step of the program of cresswell_clay2018, which draws noise once a step; its time has no unit"


class Fluctuation(Mechanism):
    r"""Noise with a short memory and the spectrum of white noise of strength one below that.

    The program of the paper adds z/√dt, with a new Gaussian number z at every step of dt = 0.5. This process,
    dx = -x/τ dt + dW/τ, becomes exactly that under `EulerMaruyama` with a step of ``memory`` (one step later), and
    with shorter steps noise of that memory; over times much longer than ``memory`` its integral is a Wiener process.

    **Sources** cresswell_clay2018, the authors' program.
    **Holds for** what responds much more slowly than ``memory``.
    """

    fluctuation = State(0.0, "1/s**0.5", "eta: noise; its integral over time has the variance of time")

    memory = Parameter(0.5, "s", "dt: correlation time", _STEP, low=1e-6)

    def rates(q):
        return {"fluctuation": -q.fluctuation / q.memory}

    def noise(q):
        return {"fluctuation": 1 / q.memory}


class InfluxNoise(Mechanism):
    r"""Noise of the influx of relative calcium, made of a private part and one common to all processes.

    With the private part in each process and the common one in a compartment of its own (both `Fluctuation`; wire
    ``around.fluctuation >> process.common``), noise of any two processes is correlated by ``correlation``.

    **Sources** cresswell_clay2018, whose program asks for this covariance by its Cholesky factor.
    **Holds for** fluctuations that rarely bring the influx below zero (strength up to about 0.3 s½ at the default
    influx of 0.31).
    **Pitfalls** Strong noise can bring calcium below zero at times; nothing holds it above. The authors' program
    overwrites the numbers that it still has to mix: asked for 0.2, its correlations are 0.20 to 0.29.
    """

    ca = Input("1", "c_i: calcium in the cytosol of the process", low=0)
    fluctuation = Input("1/s**0.5", "private noise of the process")
    common = Input("1/s**0.5", "noise that all processes share")

    strength = Parameter(0.2, "s**0.5", "sigma: strength of the noise; 0 to 0.3 are studied", _TEXT, low=0)
    correlation = Parameter(0.2, "1", "rho: correlation between two processes", _TEXT, low=0, high=1)
    ca_tau = Parameter(
        8.0, "s", "tau: time constant of calcium in the cytosol",
        "assumed: the model has no unit of time; 1 s stands for one of its units. Value cresswell_clay2018, program",
        low=1e-6,
    )  # fmt: skip

    def rates(q):
        noise = sqrt(q.correlation) * q.common + sqrt(1 - q.correlation) * q.fluctuation

        return {"ca": q.strength * noise / q.ca_tau}
