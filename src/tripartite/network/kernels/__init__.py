"""Functions written for one network: steps of cells, arrivals of spikes, synapses between them."""
