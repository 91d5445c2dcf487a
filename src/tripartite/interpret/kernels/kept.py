"""Machine code on disk, in place of Numba's own files: those are pickles, loaded from wherever they lie."""

from __future__ import annotations

import hashlib
import importlib.metadata
import pickle
import sys
from collections.abc import Callable
from typing import Any

from numba.core.caching import _Cache
from numba.core.serialize import dumps

from tripartite import cache
from tripartite.interpret.kernels.parts import rebuilt

_ROOM = "kernels"
_MADE_BY = f"{importlib.metadata.version('numba')} {sys.version}"


class Kept(_Cache):
    """Compiled variants of one function; ``version`` names all that it is compiled from, ``kind`` what they are."""

    def __init__(self, function: Callable, version: str, kind: str):
        self._function, self._version, self._kind, self._enabled = function, version, kind, True

    @property
    def cache_path(self) -> str:
        return str(cache.place(_ROOM))

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled variant for a signature, or None: what is missing or does not fit is compiled again."""
        target_context.refresh()
        data = cache.read(_ROOM, self._file(sig, target_context.codegen())) if self._enabled else None
        if data is None:
            return None
        try:
            # Only what this user's runs wrote gets here, with its digest.
            return rebuilt(target_context, *pickle.loads(data))
        except Exception:
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled variant; one that holds addresses of this process stays in memory."""
        if self._enabled and all(x.can_cache for x in data.lifted) and not data.library.has_dynamic_globals:
            cache.write(_ROOM, self._file(sig, data.codegen), dumps(data._reduce()))

    def _file(self, sig: Any, codegen: Any) -> str:
        function = self._function
        closed = dumps(tuple(cell.cell_contents for cell in function.__closure__ or ()))
        names = (_MADE_BY, self._version, self._kind, function.__module__, function.__qualname__)
        made_for = (sig, codegen.magic_tuple(), function.__code__.co_code, closed)
        digest = hashlib.sha256(repr((*names, *map(str, made_for))).encode())
        return f"{function.__name__}-{digest.hexdigest()[:40]}"

    def enable(self) -> None:
        self._enabled = True

    def disable(self) -> None:
        self._enabled = False

    def flush(self) -> None:
        """Compiled variants are found by what they are made from; there are none to forget."""
