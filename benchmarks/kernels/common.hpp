// What both kernels share: the number type, a clock, a cheap random generator and the printed line.
#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#ifdef USE_FLOAT
using Real = float;
static const char *const kReal = "float32";
#else
using Real = double;
static const char *const kReal = "float64";
#endif

inline double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Random { // splitmix64
    uint64_t state;
    uint64_t next() {
        uint64_t z = (state += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    double uniform() { return (next() >> 11) * 0x1p-53; }
    double normal() { return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(6.283185307179586 * uniform()); }
};

// Sorted targets of each cell, Bernoulli with the given chance: cell j owns targets[first[j]] .. targets[first[j+1]-1].
struct Edges {
    std::vector<int64_t> first;
    std::vector<int32_t> targets;
    Edges(int cells, double chance, Random &random) : first(cells + 1) {
        const double scale = 1 / std::log(1 - chance);
        for (int j = 0; j < cells; j++) {
            for (double k = std::floor(std::log(1 - random.uniform()) * scale); k < cells;
                 k += 1 + std::floor(std::log(1 - random.uniform()) * scale))
                targets.push_back((int32_t)k);
            first[j + 1] = (int64_t)targets.size();
        }
    }
};

// The cells whose flag is up.
inline void list(const std::vector<uint8_t> &flags, std::vector<int> &cells) {
    cells.clear();
    for (int j = 0; j < (int)flags.size(); j++)
        if (flags[j]) cells.push_back(j);
}

// Adds one amount per spike to the input of all targets of the spiking cell; the input stays float64.
inline void deposit(const Edges &edges, int cell, double amount, double *__restrict input) {
    const int32_t *__restrict target = edges.targets.data();
    const int64_t end = edges.first[cell + 1];
    for (int64_t e = edges.first[cell]; e < end; e++) input[target[e]] += amount;
}

struct Times { // seconds, best of the repeats, so that other work on the machine counts least
    double neuron = 1e30, event = 1e30;
    long spikes = 0;
};

inline void print(const char *kernel, int cells, int steps, const Times &best, double events, double rate_hz) {
    std::printf("{\"kernel\": \"%s\", \"real\": \"%s\", \"cells\": %d, \"steps\": %d, \"ns_per_neuron_step\": %.4f, "
                "\"ns_per_synaptic_event\": %.4f, \"rate_hz\": %.3f, \"spikes\": %ld, \"synaptic_events\": %.0f}\n",
                kernel, kReal, cells, steps, best.neuron / steps / cells * 1e9,
                events > 0 ? best.event / events * 1e9 : 0.0, rate_hz, best.spikes, events);
}
