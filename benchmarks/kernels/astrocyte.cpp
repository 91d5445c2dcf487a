// G-ChI astrocytes (De Pittà et al. 2009, Stimberg et al. 2019, example 6) with exocytosis, one step of 10 ms.
//
//     g++ -O3 -march=native -ffast-math [-DUSE_FLOAT] astrocyte.cpp -o astrocyte && ./astrocyte [steps] [repeats]
//
// 3,200 cells. Calcium, its gate, IP3 and receptors by Runge-Kutta of fourth order; resources and gliotransmitter
// exactly; release where calcium has risen through its threshold. Glutamate and the IP3 of neighbours are held over
// the step. Units: s, µM.
#include "common.hpp"

constexpr int kCells = 3200;
constexpr Real kDt = 0.01;
constexpr Real kOmegaC = 6, kOmegaL = 0.1, kOP = 0.9, kKP = 0.05, kCT = 2, kRho = 0.18, kO2 = 0.2;
constexpr Real kD1 = 0.13, kD2 = 1.05, kD3 = 0.9434, kD5 = 0.08;
constexpr Real kODelta = 1.2, kKappa = 1.5, kKDelta = 0.1, kO3K = 4.5, kKD = 0.7, kK3 = 1, kO5P = 0.05, kOBeta = 0.5;
constexpr Real kON = 0.3, kOmegaN = 0.5, kZeta = 10, kKKC = 0.5;
constexpr Real kTheta = 0.5, kFraction = 0.6, kOmegaA = 0.6, kOmegaE = 60, kContent = 200000 * 6.5e-4;

struct Slope {
    Real c, h, i, g;
};

inline Slope slope(Real c, Real h, Real i, Real g, Real y, Real coupling) {
    const Real open = i / (i + kD1) * (c / (c + kD5)) * h, c2 = c * c, c4 = c2 * c2;
    const Real q2 = kD2 * (i + kD1) / (i + kD3);
    Slope s;
    s.c = (kOmegaC * (open * open * open) + kOmegaL) * (kCT - (1 + kRho) * c) - kOP * c2 / (c2 + kKP * kKP);
    s.h = kO2 * (q2 - (q2 + c) * h);
    s.i = kODelta / (1 + i / kKappa) * c2 / (c2 + kKDelta * kKDelta) -
          kO3K * c4 / (c4 + kKD * kKD * kKD * kKD) * (i / (i + kK3)) - kO5P * i + kOBeta * g + coupling;
    s.g = kON * y * (1 - g) - kOmegaN * (1 + kZeta * c / (c + kKKC)) * g;
    return s;
}

struct State {
    std::vector<Real> c, h, i, g, x, glio, mean, glutamate, coupling;
    explicit State(Random &random)
        : c(kCells), h(kCells), i(kCells), g(kCells), x(kCells, 1), glio(kCells), mean(kCells), glutamate(kCells),
          coupling(kCells) {
        for (int k = 0; k < kCells; k++) {
            c[k] = Real(0.05 + 0.1 * random.uniform());
            h[k] = Real(0.9);
            i[k] = Real(0.05 + random.uniform());
            glutamate[k] = Real(3 * random.uniform());
        }
    }
};

static void step(State &s, uint8_t *__restrict released) {
    const Real decay = std::exp(-kOmegaE * kDt), recovery = std::exp(-kOmegaA * kDt);
    const Real share = (1 - decay) / (kOmegaE * kDt);
    Real *__restrict c = s.c.data(), *__restrict h = s.h.data(), *__restrict i = s.i.data(), *__restrict g = s.g.data();
    Real *__restrict x = s.x.data(), *__restrict glio = s.glio.data(), *__restrict mean = s.mean.data();
    const Real *__restrict y = s.glutamate.data(), *__restrict coupling = s.coupling.data();
    for (int k = 0; k < kCells; k++) {
        const Real c0 = c[k], h0 = h[k], i0 = i[k], g0 = g[k], in = y[k], j = coupling[k], half = kDt / 2;
        const Slope a = slope(c0, h0, i0, g0, in, j);
        const Slope b = slope(c0 + half * a.c, h0 + half * a.h, i0 + half * a.i, g0 + half * a.g, in, j);
        const Slope d = slope(c0 + half * b.c, h0 + half * b.h, i0 + half * b.i, g0 + half * b.g, in, j);
        const Slope e = slope(c0 + kDt * d.c, h0 + kDt * d.h, i0 + kDt * d.i, g0 + kDt * d.g, in, j);
        const Real c1 = c0 + kDt / 6 * (a.c + 2 * b.c + 2 * d.c + e.c), x1 = 1 + (x[k] - 1) * recovery;
        const bool up = c0 <= kTheta && c1 > kTheta;
        c[k] = c1;
        h[k] = h0 + kDt / 6 * (a.h + 2 * b.h + 2 * d.h + e.h);
        i[k] = i0 + kDt / 6 * (a.i + 2 * b.i + 2 * d.i + e.i);
        g[k] = g0 + kDt / 6 * (a.g + 2 * b.g + 2 * d.g + e.g);
        mean[k] = glio[k] * share;
        glio[k] = glio[k] * decay + (up ? kContent * kFraction * x1 : 0);
        x[k] = up ? x1 * (1 - kFraction) : x1;
        released[k] = up;
    }
}

int main(int argc, char **argv) {
    const int steps = argc > 1 ? std::atoi(argv[1]) : 5000, repeats = argc > 2 ? std::atoi(argv[2]) : 5;
    Times best;
    for (int r = 0; r < repeats; r++) {
        Random random{2};
        State state(random);
        std::vector<uint8_t> released(kCells);
        best.spikes = 0;
        double seconds = 0;
        for (int t = 0; t < steps; t++) {
            const double begun = now();
            step(state, released.data());
            seconds += now() - begun;
            for (const uint8_t up : released) best.spikes += up;
        }
        best.neuron = std::min(best.neuron, seconds);
    }
    print("astrocyte, G-ChI, RK4", kCells, steps, best, 0, best.spikes / (double)kCells / (steps * 0.01));
}
