"""Sphinx configuration: `make docs`, or `sphinx-build -W docs docs/_build`."""

import importlib.util
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from api import ROOMS  # noqa: E402  (a neighbour of this file)

project = "tripartite"
author = "The tripartite developers"
copyright = author
version = release = installed_version("tripartite")

extensions = ["myst_parser", "sphinx.ext.mathjax"]
mathjax_path = "mathjax/tex-svg.js"  # kept here, so that pages need no network
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "pydata_sphinx_theme"
html_title = "tripartite"
html_show_sourcelink = False
html_static_path = ["static"]
html_css_files = ["style.css"]
_LONG = ("biophysics", "concepts", "files", "first", "recordings", "tutorial")  # their own contents, not the navigation
_TOLD = (*_LONG, *(f"generated/api/{room}" for room in ROOMS))
html_sidebars = {page: [] for page in _LONG}
html_theme_options = {"secondary_sidebar_items": {**{page: ["page-toc"] for page in _TOLD}, "**": []}}


def _generator() -> ModuleType | None:
    """`docs/generate.py`, if there is one."""
    path = HERE / "generate.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("generate", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def setup(app) -> None:
    """Write the generated pages before Sphinx looks for sources."""
    generate = _generator()
    for hook in ("gallery", "reference", "interface", "abilities"):  # the reference shows figures of the gallery
        write = getattr(generate, hook, None)
        if write is not None:
            app.connect("builder-inited", lambda _app, write=write: write(HERE))
