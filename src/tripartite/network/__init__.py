"""Networks of neurons and astrocytes: populations, projections with a third factor, generated kernels."""
