"""``python -m tripartite``."""

from tripartite.cli import main

main()
