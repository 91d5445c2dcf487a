"""What the equations of cells and synapses say: what moves when, depends on what, and lives where."""
