"""How compiled functions are put together: what compiled code calls is a part of what Python calls.

Numba makes machine code of every function, optimises it again in each that calls it, and leaves the copies that a
caller brings open to be replaced: the first of a name that a process holds serves all callers. That one may have been
optimised for another place and end in other last bits, and which is first depends on what was compiled and what was
loaded. Here a part stays as it was written until a whole is made of it, and a whole calls its own copies.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType
from typing import Any, ClassVar, Self

from llvmlite import binding
from llvmlite.binding import Linkage
from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, CompileResult, compile_result
from numba.core.environment import lookup_environment
from numba.core.registry import CPUDispatcher
from numba.core.typing.context import Context

_OPEN = {Linkage.linkonce_any, Linkage.linkonce_odr, Linkage.weak_any, Linkage.weak_odr}
_COUNTING = "NRT_"
"""How functions that count references begin, which Numba finds by name to leave them out; they hold no arithmetic."""
_ENVIRONMENT = "_ZN08NumbaEnv"


class Whole(JITCodeLibrary):
    """The machine code of a function that Python calls, with copies of those it calls that are its own."""

    kind: ClassVar = "whole"

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            copied = not function.is_declaration and function.linkage in _OPEN
            if copied and not function.name.startswith(_COUNTING):
                function.linkage = Linkage.internal
        made: Any = super()
        made._optimize_final_module()

    def _finalize_specific(self) -> None:
        made: Any = super()
        codegen: Any = self.codegen
        made._finalize_specific()
        for variable in self._final_module.global_variables:
            known = lookup_environment(variable.name) if variable.name.startswith(_ENVIRONMENT) else None
            if known is not None:
                codegen.set_env(variable.name, known)

    def serialize_using_object_code(self) -> tuple[str, str, Any]:
        self._ensure_finalized()
        outside = (f for f in self._final_module.functions if not f.is_declaration and f.linkage is Linkage.external)
        return self.name, self.kind, (self._get_compiled_object(), {f.name for f in outside})

    @classmethod
    def read(cls, codegen: Any, name: str, content: Any) -> Self:
        """What `serialize_using_object_code` kept."""
        code, outside = content
        made = cls(codegen, name)
        made.enable_object_caching()
        made._set_compiled_object(code)
        made._finalize_final_module()
        codegen._engine._defined_symbols |= outside
        return made


class Part(JITCodeLibrary):
    """A function that only compiled code calls, with those it calls: no machine code."""

    kind: ClassVar = "part"

    def finalize(self) -> None:
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalize_dynamic_globals()
        self._finalized = True
        # Read back as from disk, so that callers are compiled alike in both cases.
        made: Any = super()
        self._shared_module = binding.parse_bitcode(made._get_module_for_linking().as_bitcode())

    def serialize_using_object_code(self) -> tuple[str, str, Any]:
        self._ensure_finalized()
        return self.name, self.kind, self._shared_module.as_bitcode()

    @classmethod
    def read(cls, codegen: Any, name: str, content: Any) -> Self:
        """What `serialize_using_object_code` kept."""
        made = cls(codegen, name)
        made._shared_module = made._final_module = binding.parse_bitcode(content)
        made._finalized = True
        return made


_KINDS: dict[str, type[Whole | Part]] = {made.kind: made for made in (Whole, Part)}


class _Remembering(Context):
    """Numba's typing context; it lets operators remember what they make of numbers and arrays."""

    @classmethod
    def of(cls, context: Any) -> Self:
        """The same context, with this habit."""
        made = cls.__new__(cls)
        made.__dict__ = context.__dict__
        return made

    def resolve_function_type(self, func: Any, args: Any, kws: Any) -> Any:
        operator = type(func) is types.Function and type(func.typing_key) is BuiltinFunctionType
        if operator and "get_call_type" not in vars(func):
            func.get_call_type = _Answers(func)
        return super().resolve_function_type(func, args, kws)


class _Answers:
    """An operator's answers to which types it takes and returns.

    Numba tries all meanings of an operator, twice for each that a kernel holds, which takes most of the time of type
    inference; of numbers and arrays the answer depends on their types alone.
    """

    def __init__(self, operator: types.Function):
        self._operator, self._known = operator, {}

    def __call__(self, context: Any, args: Any, kws: Any) -> Any:
        if kws or not all(isinstance(a, _PLAIN) for a in args):
            return types.Function.get_call_type(self._operator, context, args, kws)
        if args not in self._known:
            self._known[args] = types.Function.get_call_type(self._operator, context, args, kws)
        return self._known[args]


_PLAIN = (types.Float, types.Integer, types.Boolean, types.Array)


@contextmanager
def _no_collection() -> Iterator[None]:
    """The compiler makes millions of objects that stay: looking among them for garbage takes a sixth of its time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _with_room(call: Callable[..., Any], *arguments: Any) -> Any:
    """What the call returns; Python's frames within it lie in one piece of memory.

    Python keeps frames in pieces of 16 kB and gives a piece back when its first frame ends. A loop whose calls begin
    at the end of one maps memory at each of them, which took a third of the time of some compilations. A frame as
    large as this one brings a piece with as much room for those after it.
    """
    return call(*arguments)


_with_room.__code__ = _with_room.__code__.replace(co_stacksize=70_000)


class MakesWhole(Compiler):
    """Numba's compiler, for functions that Python calls."""

    library: type[Whole | Part] = Whole

    def __init__(self, typingctx: Any, *rest: Any):
        super().__init__(_Remembering.of(typingctx), *rest)

    def compile_extra(self, func: Callable) -> Any:
        self.state.library = self.library(self.state.targetctx.codegen(), func.__qualname__)
        self.state.library.enable_object_caching()
        with _no_collection():
            return _with_room(super().compile_extra, func)


class MakesPart(MakesWhole):
    """Numba's compiler, for functions that compiled code calls."""

    library = Part

    def compile_extra(self, func: Callable) -> Any:
        made = super().compile_extra(func)
        made.library.finalize()
        made = made._replace(entry_point=_Called(func.__name__))
        made.target_context.insert_user_function(made.entry_point, made.fndesc, [made.library])
        return made


class _Called:
    """What stands for a part where Numba keeps the function that Python calls."""

    def __init__(self, name: str):
        self.name = name


def rebuilt(context: Any, library: tuple[str, str, Any], *rest: Any) -> CompileResult:
    """What `CompileResult._reduce` took apart."""
    name, kind, content = library
    descriptor, environment, signature, objectmode, lifted, annotation, reload, environments = rest
    for function in reload:
        function()
    codegen: Any = context.codegen()
    made = _KINDS[kind].read(codegen, name, content)
    if isinstance(made, Whole):
        entry = context.get_executable(made, descriptor, environment)
        for known in environments:
            codegen.set_env(known.env_name, known)
    else:
        entry = _Called(name)
    return compile_result(
        typing_context=context.typing_context,
        target_context=context,
        entry_point=entry,
        type_annotation=annotation,
        signature=signature,
        objectmode=objectmode,
        lifted=lifted,
        fndesc=descriptor,
        library=made,
        environment=environment,
        reload_init=reload,
        referenced_envs=environments,
    )


class Parts(CPUDispatcher):
    """The variants of a function that compiled code calls; with ``apart``, its arrays never overlap."""

    def __init__(self, py_func: Callable, options: dict[str, Any], apart: bool):
        super().__init__(py_func, None, {**options, "no_cpython_wrapper": True}, MakesPart)
        self._apart = apart
        compiler: Any = vars(self)["_compiler"]
        compiler._customize_flags = self._flags

    def get_call_template(self, args: Any, kws: Any) -> Any:
        return super().get_call_template([types.unliteral(a) for a in args], kws)

    def add_overload(self, cres: Any) -> None:
        self.overloads[tuple(cres.signature.args)] = cres

    def _flags(self, flags: Any) -> Any:
        flags.no_compile, flags.noalias = True, self._apart
        return flags


class Driver(CPUDispatcher):
    """A function that is compiled as a whole when Python calls it, and as a part when compiled code does."""

    def __init__(
        self,
        py_func: Callable,
        locals: Any = None,
        targetoptions: Any = None,
        pipeline_class: Any = MakesWhole,
        apart: bool = False,
    ):
        options = {"nopython": True, **targetoptions, "no_cfunc_wrapper": True}
        super().__init__(py_func, locals, options, pipeline_class)
        self.parts = Parts(py_func, options, apart)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        return self.parts.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        return self.parts.get_overload(sig)
