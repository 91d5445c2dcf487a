"""What the equations of cells and synapses say, as data: what moves when, lives where, and is done when."""
