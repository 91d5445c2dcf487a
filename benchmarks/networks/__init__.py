"""What `benchmarks/network.py` measures, one part a file; every part returns numbers that JSON can hold."""
