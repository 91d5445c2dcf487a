"""Independent NumPy/SciPy versions of published models; they share no code with the package."""
