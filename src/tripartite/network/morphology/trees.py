"""Trees as lists of parents."""

from __future__ import annotations

import numpy as np

from tripartite.errors import NetworkError


def parents_first(parent: np.ndarray) -> np.ndarray:
    """Numbers of all members of a tree such that each comes after its parent, depth first.

    **Raises** `NetworkError` unless there is one root (-1), every parent is a member and nothing is its own ancestor.
    """
    size = len(parent)
    roots = np.flatnonzero(parent == -1)
    if size == 0 or len(roots) != 1:
        raise NetworkError(
            f"A tree has one root, whose parent is -1; got {len(roots)} among {size} compartments. Give every other "
            "compartment a parent."
        )
    wrong = np.flatnonzero((parent < -1) | (parent >= size))
    if len(wrong):
        raise NetworkError(
            f"A parent is one of {size} compartments, counted from 0; compartment {wrong[0]} has parent "
            f"{parent[wrong[0]]}. Correct it."
        )
    children: list[list[int]] = [[] for _ in range(size)]
    for child, above in enumerate(parent):
        if above >= 0:
            children[above].append(child)
    found, waiting = [], [int(roots[0])]
    while waiting:
        member = waiting.pop()
        found.append(member)
        waiting += reversed(children[member])
    if len(found) < size:
        lost = min(set(range(size)) - set(found))
        raise NetworkError(
            f"Nothing is its own ancestor; compartment {lost} belongs to a circle. Let its parents lead to the root."
        )
    return np.array(found, np.int64)
