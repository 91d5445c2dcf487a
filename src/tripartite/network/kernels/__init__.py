"""Functions written for one network, from its plan: steps of cells, work of synapses, exchange of neighbours."""
