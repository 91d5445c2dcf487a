"""Compiled functions whose machine code stands alone, whatever else the process has compiled or loaded.

A compiled function brings a copy of every function it calls. Numba leaves these copies open to be replaced: the first
of a name that a process holds serves all callers. It may have been optimised for another place and end in other last
bits, and which is first depends on what was compiled and what was loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import binding
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

_OPEN = {binding.Linkage.linkonce_any, binding.Linkage.linkonce_odr, binding.Linkage.weak_any, binding.Linkage.weak_odr}
_COUNTING = "NRT_"
"""How functions that count references begin, which Numba finds by name to leave them out; they hold no arithmetic."""


class Alone(JITCodeLibrary):
    """The code of one function, with copies of those it calls that are its own."""

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            copied = not function.is_declaration and function.linkage in _OPEN
            if copied and not function.name.startswith(_COUNTING):
                function.linkage = binding.Linkage.internal
        made: Any = super()
        made._optimize_final_module()

    def _finalize_final_module(self) -> None:
        made: Any = super()
        # Machine code is made from the module, and changes it: what callers get is taken before, and read back as
        # it is from disk, so that they are compiled alike in both cases.
        self._finalized = True
        self._shared_module = binding.parse_bitcode(made._get_module_for_linking().as_bitcode())
        self._finalized = False
        made._finalize_final_module()


class StandingAlone(Compiler):
    """Numba's compiler, for code that stands alone."""

    def compile_extra(self, func: Callable) -> Any:
        self.state.library = Alone(self.state.targetctx.codegen(), func.__qualname__)
        self.state.library.enable_object_caching()
        return super().compile_extra(func)
