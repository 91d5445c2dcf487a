"""Four readings of the same equations: dimensions, symbols, arrays, kernels."""
