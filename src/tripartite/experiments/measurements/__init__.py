"""Published measurements entered as cited facts, one module per paper."""
