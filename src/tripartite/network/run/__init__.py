"""A network in time: the loop over steps, recordings, protocols, checkpoints, streams."""
