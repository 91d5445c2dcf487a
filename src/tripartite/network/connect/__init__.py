"""From plans to connections and memory."""
