"""Compile the fast loops with numba where it is installed, and run them as plain Python where it is not.

Both ways give the same numbers. ``GPNDE_COMPILE=0`` in the environment switches compilation off.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parent.parent
_ROOMS_OF_COMPILED_CODE = ("numerics/**/*.py", "mechanics/*.py", "engine/kernel/*.py")
_IS_COMPILED = re.compile(r"^@(compiled|compiled_part|inlined_part)\b", re.MULTILINE)
_IMPORTED = re.compile(r"^from gpnde\.([\w.]+) import", re.MULTILINE)


def _load_numba() -> Any:
    """Return the numba module, or None where it is absent or switched off."""
    if os.environ.get("GPNDE_COMPILE", "1") == "0":
        return None
    try:
        numba = importlib.import_module("numba")
    except ImportError:
        return None
    return None if numba.config.DISABLE_JIT else numba


_NUMBA: Any = _load_numba()

# No function allocates, so counting references to arrays would only cost time.
_OPTIONS = {"error_model": "numpy", "_nrt": False}


def compiled(function: Function) -> Function:
    """Return the function compiled to machine code and cached on disk, or unchanged where numba is not in use.

    For the few functions that Python calls; whatever they call is a `compiled_part`. A division by zero gives inf or
    nan in compiled code and an exception in interpreted code, so callers guard against it.

    >>> @compiled
    ... def double(value: float) -> float:
    ...     return 2.0 * value
    >>> double(4.0)
    8.0
    """
    if _NUMBA is None:
        return function
    dispatcher: Function = _NUMBA.njit(**_OPTIONS)(function)
    _cache_on_disk(dispatcher)
    return dispatcher


def compiled_part(function: Function) -> Function:
    """Return the function so that compiled functions can call it compiled, and Python can call it as it is.

    Parts have no entry of their own from Python, which halves the time that compiling takes.

    >>> @compiled_part
    ... def half(value: float) -> float:
    ...     return 0.5 * value
    >>> half(4.0)
    2.0
    """
    if _NUMBA is None:
        return function
    extending = importlib.import_module("numba.extending")
    # Said explicitly, since a part would otherwise be inlined into every inlined part that calls it, with all it calls.
    part: Function = extending.register_jitable(
        no_cfunc_wrapper=True, no_cpython_wrapper=True, forceinline=False, **_OPTIONS
    )(function)
    return part


def inlined_part(function: Function) -> Function:
    """Return a `compiled_part` that is copied into its callers.

    For parts that take many arrays: passing these on costs more than most of the parts do.
    """
    if _NUMBA is None:
        return function
    extending = importlib.import_module("numba.extending")
    part: Function = extending.register_jitable(
        no_cfunc_wrapper=True, no_cpython_wrapper=True, forceinline=True, **_OPTIONS
    )(function)
    return part


def fetch_ahead(records: Any, number: int, offset: int) -> None:
    """Ask the processor for record *number* of an array, the cache line at *offset* bytes, which is needed soon.

    Changes no result, and does nothing in plain Python. Where records are read in no order of memory, to wait for one
    after the other is most of the cost.
    """


def _prefetch_instruction() -> Any:
    """Return the processor's instruction behind `fetch_ahead` as a numba function."""
    cgutils = importlib.import_module("numba.core.cgutils")
    types = importlib.import_module("numba.core.types")
    ir = importlib.import_module("llvmlite.ir")

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        records, number, offset = arguments
        kind = signature.args[0]
        array = context.make_array(kind)(context, builder, records)
        record = cgutils.get_item_pointer(context, builder, kind, array, [number], wraparound=False)
        address = builder.gep(builder.bitcast(record, cgutils.voidptr_t), [offset])
        word = ir.IntType(32)
        form = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        prefetch = cgutils.get_or_insert_function(builder.module, form, "llvm.prefetch.p0i8")
        # For writing, to be kept in all caches, data.
        builder.call(prefetch, [address, word(1), word(3), word(1)])
        return context.get_dummy_value()

    def typed(typing: Any, records: Any, number: Any, offset: Any) -> Any:
        return types.void(records, types.intp, types.intp), emit

    return importlib.import_module("numba.extending").intrinsic(typed)


def _teach_to_fetch() -> None:
    """Define `fetch_ahead` for compiled code."""
    instruction = _prefetch_instruction()

    def fetch(records: Any, number: Any, offset: Any) -> Any:
        def implementation(records: Any, number: Any, offset: Any) -> Any:
            return instruction(records, number, offset)

        return implementation

    extending = importlib.import_module("numba.extending")
    extending.overload(fetch_ahead, jit_options={**_OPTIONS, "forceinline": True})(fetch)


if _NUMBA is not None:
    _teach_to_fetch()


def is_compiled() -> bool:
    """Return whether the fast loops are compiled in this process; for tests that compare both ways."""
    return _NUMBA is not None


def is_warm(kernel: str = "") -> bool:
    """Return whether no compilation is ahead: *kernel* (any, if empty) is on disk already, or nothing is compiled.

    A kernel is a `compiled` function, named *module.function*, for instance ``cohort.advance``; parts have no file of
    their own.
    """
    directory = cache_directory()
    if _NUMBA is None:
        return True
    if directory is None:
        return False
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    name = f"{kernel}-*" if kernel else "*"
    return any(directory.glob(f"*/{name}.{version}*.nbi"))


@functools.cache
def cache_directory() -> Path | None:
    """Return the writable directory for machine code compiled from exactly these sources, or None.

    Numba looks for changes only in the file of the function itself, not in those of the functions that it calls; so
    the directory is named by a digest of all the sources that compiled code may come from.
    """
    if _NUMBA is None:
        return None
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    directory = Path(home) / "gpnde" / source_digest(_PACKAGE)
    # Without a directory the code is compiled in every process, which is slow and right.
    return directory if _is_writable(directory) else None


def source_digest(package: Path) -> str:
    """Return 16 hexadecimal digits that change with any source in *package* that compiled code may come from."""
    digest = hashlib.sha256()
    for name, content in sorted(sources_of_compiled_code(package).items()):
        # Names and lengths as well, since other files may have the same bytes end to end.
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def sources_of_compiled_code(package: Path) -> dict[str, bytes]:
    """Return the files of a *package* that compiled code may come from, by path.

    They are those of compiled functions, and what these import.
    """
    waiting = [path for pattern in _ROOMS_OF_COMPILED_CODE for path in package.glob(pattern)]
    waiting = [path for path in waiting if _IS_COMPILED.search(path.read_text(encoding="utf-8"))]
    found: dict[str, bytes] = {}
    while waiting:
        path = waiting.pop()
        name = path.relative_to(package).as_posix()
        if name not in found:
            found[name] = path.read_bytes()
            imported = _IMPORTED.findall(found[name].decode())
            files = [package.joinpath(*module.split(".")).with_suffix(".py") for module in imported]
            waiting += [file for file in files if file.is_file()]
    return found


def _is_writable(directory: Path) -> bool:
    """Return whether the directory exists, or can be made, and takes a file."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        # Tried out, because access rights tell nothing of full disks and read-only mounts.
        tempfile.TemporaryFile(dir=directory).close()
    except OSError:
        return False
    return True


def _cache_on_disk(dispatcher: Any) -> None:
    """Cache this function's machine code in the package's own directory, leaving numba's settings as they were."""
    directory = cache_directory()
    if directory is None:
        return
    config = _NUMBA.config
    setting = config.CACHE_DIR
    config.CACHE_DIR = str(directory)
    try:
        dispatcher.enable_caching()
    except RuntimeError:
        # Numba's answer to a function without a source file, as typed at a prompt: it stays compiled but uncached.
        return
    finally:
        config.CACHE_DIR = setting
