"""What must hold for every mechanism in the index, whoever wrote it."""
