// Leaky integrate-and-fire neurons with exponential conductances (COBA, Brette et al. 2007), and their spikes.
//
//     g++ -O3 -march=native -ffast-math [-DUSE_FLOAT] [-DHEUN] lif_coba.cpp -o lif_coba && ./lif_coba [steps] [repeats]
//
// 10,000 neurons, 1000 targets each on average. Conductances decay exactly; v by exponential Euler with the
// conductances held over the step (-DHEUN: by Heun). The weights are 80/1000 of COBA's, so that the drive is the same,
// and 200 pA keep the network active.
#include "common.hpp"

constexpr int kCells = 10000, kExcitatory = 8000, kRefractory = 50, kDelay = 1;
constexpr Real kDt = 0.1, kC = 200, kGL = 10, kEL = -60, kVT = -50, kReset = -60, kEI = -80, kDrive = 200;
constexpr Real kTauE = 5, kTauI = 10;
constexpr double kWeightE = 6 * 0.08, kWeightI = 67 * 0.08;

struct State {
    std::vector<Real> v, g_e, g_i;
    std::vector<int32_t> rest; // steps left in the refractory period
    explicit State(Random &random) : v(kCells), g_e(kCells), g_i(kCells), rest(kCells) {
        for (int i = 0; i < kCells; i++) {
            v[i] = Real(-65 + 5 * random.normal());
            g_e[i] = Real(std::max(0.0, 40 + 15 * random.normal()));
            g_i[i] = Real(std::max(0.0, 200 + 120 * random.normal()));
        }
    }
};

static void step(State &s, double *__restrict in_e, double *__restrict in_i, uint8_t *__restrict spiked) {
    const Real decay_e = std::exp(-kDt / kTauE), decay_i = std::exp(-kDt / kTauI);
    Real *__restrict v = s.v.data(), *__restrict g_e = s.g_e.data(), *__restrict g_i = s.g_i.data();
    int32_t *__restrict rest = s.rest.data();
    for (int i = 0; i < kCells; i++) {
        const Real ge = g_e[i], gi = g_i[i], v0 = v[i];
#ifdef HEUN
        const Real ge1 = ge * decay_e, gi1 = gi * decay_i;
        const Real k1 = (kGL * (kEL - v0) - ge * v0 + gi * (kEI - v0) + kDrive) / kC, v1 = v0 + kDt * k1;
        const Real k2 = (kGL * (kEL - v1) - ge1 * v1 + gi1 * (kEI - v1) + kDrive) / kC;
        const Real v2 = v0 + kDt / 2 * (k1 + k2);
#else
        const Real total = kGL + ge + gi, rest_v = (kGL * kEL + gi * kEI + kDrive) / total;
        const Real v2 = rest_v + (v0 - rest_v) * std::exp(-total * (kDt / kC));
#endif
        const bool active = rest[i] <= 0, fired = active && v2 > kVT;
        v[i] = fired ? kReset : active ? v2 : v0;
        rest[i] = fired ? kRefractory - 1 : rest[i] - 1;
        spiked[i] = fired;
        g_e[i] = ge * decay_e + Real(in_e[i]);
        g_i[i] = gi * decay_i + Real(in_i[i]);
        in_e[i] = in_i[i] = 0;
    }
}

int main(int argc, char **argv) {
    const int steps = argc > 1 ? std::atoi(argv[1]) : 5000, repeats = argc > 2 ? std::atoi(argv[2]) : 5;
    Random random{1};
    const Edges edges(kCells, 0.1, random);
    Times best;
    double events = 0;
    for (int r = 0; r < repeats; r++) {
        Random start{2};
        State state(start);
        std::vector<double> ring((size_t)2 * 2 * kCells);
        std::vector<uint8_t> spiked(kCells);
        std::vector<int> fired;
        double neuron = 0, event = 0;
        long spikes = 0;
        events = 0;
        for (int t = 0; t < steps; t++) {
            double *slot = &ring[(size_t)(t % 2) * 2 * kCells];
            const double begun = now();
            step(state, slot, slot + kCells, spiked.data());
            neuron += now() - begun;
            list(spiked, fired);
            const double listed = now();
            for (const int j : fired) {
                const bool exc = j < kExcitatory;
                double *out = &ring[((size_t)((t + kDelay) % 2) * 2 + !exc) * kCells];
                deposit(edges, j, exc ? kWeightE : kWeightI, out);
                spikes++;
                events += edges.first[j + 1] - edges.first[j];
            }
            event += now() - listed;
        }
        best.neuron = std::min(best.neuron, neuron);
        best.event = std::min(best.event, event);
        best.spikes = spikes;
    }
#ifdef HEUN
    const char *name = "lif_coba, Heun";
#else
    const char *name = "lif_coba, exponential Euler";
#endif
    print(name, kCells, steps, best, events, best.spikes / (double)kCells / (steps * 1e-4));
}
