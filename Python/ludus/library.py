"""Finds and opens the engine's shared library, and turns its codes into exceptions."""

import ctypes
import json
import os
import pathlib
import sys

NAME = "libLudusEnvironments." + ("dylib" if sys.platform == "darwin" else "so")
VERSION = 1

_INT32, _INT64, _TEXT, _POINTER = ctypes.c_int32, ctypes.c_int64, ctypes.c_char_p, ctypes.c_void_p
# Name, result, types of arguments. None: arguments are handles and addresses as below, and int32 numbers; types would
# cost as much as a call.
_CALLS = {
    "version": (_INT32, []),
    "error": (_TEXT, []),
    "free": (None, [_POINTER]),
    "list": (_POINTER, []),
    "specification": (_POINTER, [_TEXT]),
    "make": (_INT64, [_TEXT, _INT64, _TEXT, _TEXT]),
    "describe": (_POINTER, [_INT64]),
    "close": (_INT32, [_INT64]),
    "reset": (_INT32, [_INT64, _INT32]),
    "step": (_INT32, None),
    "step_copied": (_INT32, None),
    "step_into": (_INT32, [_INT64, _POINTER, _POINTER, _POINTER, _POINTER]),
    "start": (_INT32, [_INT64, _INT32]),
    "send": (_INT32, None),
    "receive": (_INT32, None),
    "snapshot": (_INT32, [_INT64, _INT64, _POINTER, _INT64]),
    "restore": (_INT32, [_INT64, _INT64, _TEXT, _INT64]),
    "picture": (_INT32, [_INT64, _INT64, _POINTER, _INT64, _POINTER]),
}
# A handle and an address as arguments of calls without types.
handle_argument, address_argument = _INT64.from_param, _POINTER.from_param
_EXCEPTIONS = {-6: RuntimeError, -8: FileNotFoundError, -9: RuntimeError, -10: RuntimeError}


def find() -> pathlib.Path:
    """The library: LUDUS_LIBRARY, else beside this package, else in a build folder of a checkout above it."""
    named = os.environ.get("LUDUS_LIBRARY")
    if named:
        path = pathlib.Path(named)
        path = path / NAME if path.is_dir() else path
        if path.exists():
            return path.resolve()
        raise FileNotFoundError(f"LUDUS_LIBRARY is {named}, where there is no {NAME}")
    here = pathlib.Path(__file__).resolve().parent
    places = [here, *(folder / ".build" / "release" for folder in here.parents)]
    for place in places:
        if (place / NAME).exists():
            return place / NAME
    raise FileNotFoundError(
        f"{NAME} is neither beside the package nor in a .build/release above {here}; build it with "
        "`swift build -c release --product LudusEnvironments`, or set LUDUS_LIBRARY to its path")


class Library:
    """The engine's calls, as `library.step(handle)`; `quick.step` is the same without letting other threads run."""

    def __init__(self, path: pathlib.Path):
        self.path = path
        for folder in path.parents:
            # Simulators lie in the checkout that the library was built in.
            for variable, name in (("LUDUS_ARCADE", "arcade"), ("LUDUS_MUJOCO", "mujoco/assets")):
                if variable not in os.environ and (folder / ".deps" / name).is_dir():
                    os.environ[variable] = str(folder / ".deps" / name)
        self.calls = self._bind(ctypes.CDLL(str(path)))
        self.quick = self._bind(ctypes.PyDLL(str(path)))
        found = self.calls.version()
        if found != VERSION:
            raise RuntimeError(f"{path} speaks version {found} of the interface, this package version {VERSION}")

    @staticmethod
    def _bind(dll):
        class Calls:
            pass

        calls = Calls()
        for name, (result, arguments) in _CALLS.items():
            function = getattr(dll, "ludus_environments_" + name)
            function.restype, function.argtypes = result, arguments
            setattr(calls, name, function)
        return calls

    def fail(self, code: int):
        """Raises the exception of a code, with the engine's sentence."""
        sentence = (self.calls.error() or b"").decode() or f"the engine gave the code {code}"
        raise _EXCEPTIONS.get(code, ValueError)(sentence)

    def check(self, code: int) -> int:
        """The code, or an exception where it is negative."""
        return code if code >= 0 else self.fail(code)

    def text(self, pointer, code: int = -2):
        """What a JSON text says; the text is freed."""
        if not pointer:
            self.fail(code)
        try:
            return json.loads(ctypes.string_at(pointer))
        finally:
            self.calls.free(pointer)

    def tasks(self) -> dict[str, str]:
        """The family of each task's id."""
        return {task["id"]: task["family"] for task in self.text(self.calls.list())}

    def specification(self, task: str) -> dict:
        """Spaces, limit and columns of a task."""
        return self.text(self.calls.specification(task.encode()))


_library = None


def library() -> Library:
    """The library, opened at the first call."""
    global _library
    if _library is None:
        _library = Library(find())
    return _library
