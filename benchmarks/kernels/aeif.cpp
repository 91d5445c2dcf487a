// Adaptive exponential neurons with alpha conductances, one Heun step of 0.1 ms, and delivery of their spikes.
//
//     g++ -O3 -march=native -ffast-math [-DUSE_FLOAT] aeif.cpp -o aeif && ./aeif [steps] [repeats]
//
// 10,000 neurons with the constants of the benchmark network of Jiang et al. (2025), about 1000 targets each, driven
// by 2000 Poisson events per second and neuron drawn once into a table, so that random numbers are not timed; the
// table joins the input, and spikes are listed, while the clock stands.
// Scheme: conductances exactly (alpha function), v by Heun with the new conductances, w by Heun; spikes at the end.
#include "common.hpp"

constexpr int kCells = 10000, kExcitatory = 8000, kDelayE = 20, kDelayI = 10, kRing = 32, kNoise = 256;
constexpr Real kDt = 0.1, kC = 281, kGL = 30, kEL = -70.6, kVT = -50.4, kDT = 2, kTauW = 144, kA = 4, kB = 80.5;
constexpr Real kReset = -60, kPeak = 0, kEin = -85, kTauE = 2, kTauI = 4;

struct State {
    std::vector<Real> v, w, slope_e, g_e, slope_i, g_i;
    State() : v(kCells, kEL), w(kCells), slope_e(kCells), g_e(kCells), slope_i(kCells), g_i(kCells) {}
};

inline Real slope(Real v, Real w, Real g_e, Real g_i) {
    return (-kGL * (v - kEL) + kGL * kDT * std::exp((v - kVT) / kDT) - g_e * v - g_i * (v - kEin) - w) / kC;
}

// One step of all cells; writes 1 to `spiked` where a cell fired and clears the inputs it has read.
static void step(State &s, double *__restrict in_e, double *__restrict in_i, uint8_t *__restrict spiked) {
    const Real decay_e = std::exp(-kDt / kTauE), decay_i = std::exp(-kDt / kTauI);
    const Real peak_e = std::exp(Real(1)) / kTauE, peak_i = std::exp(Real(1)) / kTauI;
    Real *__restrict v = s.v.data(), *__restrict w = s.w.data();
    Real *__restrict a_e = s.slope_e.data(), *__restrict g_e = s.g_e.data();
    Real *__restrict a_i = s.slope_i.data(), *__restrict g_i = s.g_i.data();
    for (int i = 0; i < kCells; i++) {
        const Real ge0 = g_e[i], gi0 = g_i[i], v0 = v[i], w0 = w[i];
        const Real ge1 = (ge0 + a_e[i] * kDt) * decay_e, gi1 = (gi0 + a_i[i] * kDt) * decay_i;
        const Real k1 = slope(v0, w0, ge0, gi0), l1 = (kA * (v0 - kEL) - w0) / kTauW;
        const Real v1 = std::min(v0 + kDt * k1, kPeak), w1 = w0 + kDt * l1;
        const Real k2 = slope(v1, w1, ge1, gi1), l2 = (kA * (v1 - kEL) - w1) / kTauW;
        const Real v2 = v0 + kDt / 2 * (k1 + k2), w2 = w0 + kDt / 2 * (l1 + l2);
        const bool fired = v2 >= kPeak;
        v[i] = fired ? kReset : v2;
        w[i] = fired ? w2 + kB : w2;
        spiked[i] = fired;
        g_e[i] = ge1;
        g_i[i] = gi1;
        a_e[i] = a_e[i] * decay_e + Real(in_e[i]) * peak_e;
        a_i[i] = a_i[i] * decay_i + Real(in_i[i]) * peak_i;
        in_e[i] = in_i[i] = 0;
    }
}

int main(int argc, char **argv) {
    const int steps = argc > 1 ? std::atoi(argv[1]) : 5000, repeats = argc > 2 ? std::atoi(argv[2]) : 5;
    Random random{1};
    const Edges edges(kCells, 0.1, random);
    std::vector<Real> noise((size_t)kNoise * kCells);
    for (auto &n : noise) // Poisson of mean 0.2, by inversion
        for (double u = random.uniform(), p = std::exp(-0.2), c = p; u > c; n += 1) p *= 0.2 / (n + 1), c += p;
    Times best;
    double events = 0;
    for (int r = 0; r < repeats; r++) {
        State state;
        std::vector<double> ring((size_t)kRing * 2 * kCells);
        std::vector<uint8_t> spiked(kCells);
        std::vector<int> fired;
        std::vector<double> resource(kCells, 1);
        std::vector<int> last(kCells, -1000000);
        double neuron = 0, event = 0;
        long spikes = 0;
        events = 0;
        for (int t = 0; t < steps; t++) {
            double *slot = &ring[(size_t)(t % kRing) * 2 * kCells];
            for (int i = 0; i < kCells; i++) slot[i] += noise[(size_t)(t % kNoise) * kCells + i];
            const double begun = now();
            step(state, slot, slot + kCells, spiked.data());
            neuron += now() - begun;
            list(spiked, fired);
            const double listed = now();
            for (const int j : fired) {
                const bool exc = j < kExcitatory; // one depressing resource per cell: recovery 800 ms, half released
                resource[j] = 1 - (1 - resource[j]) * std::exp((last[j] - t) * 0.1 / 800);
                last[j] = t;
                resource[j] /= 2;
                double *out = &ring[((size_t)((t + (exc ? kDelayE : kDelayI)) % kRing) * 2 + !exc) * kCells];
                deposit(edges, j, resource[j] * (exc ? 1 : 4), out);
                spikes++;
                events += edges.first[j + 1] - edges.first[j];
            }
            event += now() - listed;
        }
        best.neuron = std::min(best.neuron, neuron);
        best.event = std::min(best.event, event);
        best.spikes = spikes;
    }
    print("aeif_cond_alpha, Heun", kCells, steps, best, events, best.spikes / (double)kCells / (steps * 1e-4));
}
