"""A figure that appears in a notebook by itself, opens a window, and is saved by a method of its own."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from tripartite import arguments
from tripartite.errors import ArgumentError
from tripartite.language.disk import told
from tripartite.progress import in_notebook

_DOTS_PER_INCH = 160


class ShownFigure(Figure):
    """A matplotlib figure, with all of its methods, that needs no `pyplot` and no magic."""

    def save(self, path: Any) -> Path:
        """Write to ``path`` as PNG, PDF, SVG or whatever else its ending names, and make its folder; 160 dots per inch.

        **Raises** `ResultError` for a place that cannot be written to.
        """
        return write(self, path)

    def show(self, warn: bool = True) -> None:
        """Show the figure here: in the notebook, or in a window that stays until it is closed."""
        if in_notebook():
            from IPython.display import display  # type: ignore[import-not-found]

            display(self)
            return
        from matplotlib.backends.registry import BackendFilter, backend_registry

        name = matplotlib.get_backend().lower()
        if name in backend_registry.list_builtin(BackendFilter.NON_INTERACTIVE):
            if warn:
                warnings.warn(
                    'No window can be opened here; write the figure to a file: `figure.save("figure.png")`.',
                    stacklevel=2,
                )
            return
        drawn_by, canvas = backend_registry.load_backend_module(name).FigureCanvas, self.canvas
        manager = drawn_by.new_manager(self, 1)
        manager.show()
        drawn_by.manager_class.pyplot_show(block=True)
        self.set_canvas(canvas)

    def _repr_png_(self) -> bytes:
        drawn = io.BytesIO()
        self.savefig(drawn, format="png", dpi=110)
        return drawn.getvalue()

    def _repr_html_(self) -> None:
        """The picture is enough."""


def write(figure: Figure, path: Any) -> Path:
    """Write a figure to ``path``, in a way that its ending names, at a resolution for print."""
    place = arguments.path(path, "path")
    known = figure.canvas.get_supported_filetypes()
    if place.suffix.removeprefix(".").lower() not in known:
        raise ArgumentError(
            f"The ending of a file says how a figure is written, one of {', '.join(sorted(known))}; got "
            f'"{place}". Write for instance `figure.save("{place.with_suffix(".png")}")`.'
        )
    with told(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(place, dpi=_DOTS_PER_INCH)
    return place
