"""What generated loops call: threads that meet, lists of spikes, rows by address, samples, diffusion."""
