"""NumPy views of the engine's memory that keep the pool alive while they are used, and copies of it."""

import math
import sys

import numpy as np

from .library import address_argument


class Memory:
    """Owns a pool's handle; the pool is closed with the last view of its memory."""

    def __init__(self, library, handle: int):
        self._library = library
        self._handle = handle

    def view(self, address: int, shape: tuple, dtype) -> np.ndarray:
        """An array at an address of the pool's memory."""
        return np.asarray(_Window(self, address, shape, np.dtype(dtype)))

    def __del__(self):
        handle, self._handle = self._handle, 0
        if handle:
            self._library.calls.close(handle)


class _Window:
    """Tells NumPy where numbers are, and holds on to who owns them."""

    def __init__(self, owner: Memory, address: int, shape: tuple, dtype: np.dtype):
        self.owner = owner
        self.__array_interface__ = {
            "version": 3, "data": (address, False), "shape": tuple(shape), "typestr": dtype.str}


class Batch:
    """Results of one step: views of the pool's memory, overwritten by the step after the next one.

    `R` rows, one for each player of each environment. In an asynchronous pool a batch lasts until the next `receive`.
    """

    __slots__ = (
        "observations", "final_observations", "rewards", "terminated", "truncated", "elapsed_steps",
        "episode_returns", "environments", "columns", "final_columns", "is_part")

    def __init__(self, is_part: bool = False, **arrays):
        self.is_part = is_part
        for name in _ARRAYS:
            setattr(self, name, arrays[name])

    @classmethod
    def at(cls, memory: Memory, addresses: dict, specification, rows: int) -> "Batch":
        """The batch whose columns lie at these addresses."""
        shape = (rows, *specification.observation.shape)
        observation = specification.observation.dtype

        def columns(key):
            return {
                column.name: memory.view(address, (rows, *column.shape), column.dtype)
                for column, address in zip(specification.columns, addresses[key])}

        has_final = "finalObservations" in addresses
        return cls(
            observations=memory.view(addresses["observations"], shape, observation),
            final_observations=memory.view(addresses["finalObservations"], shape, observation) if has_final else None,
            rewards=memory.view(addresses["rewards"], (rows,), np.float32),
            terminated=memory.view(addresses["terminated"], (rows,), np.bool_),
            truncated=memory.view(addresses["truncated"], (rows,), np.bool_),
            elapsed_steps=memory.view(addresses["elapsedSteps"], (rows,), np.int32),
            episode_returns=memory.view(addresses["episodeReturns"], (rows,), np.float32),
            environments=memory.view(addresses["environments"], (rows,), np.int32),
            columns=columns("columns"),
            final_columns=columns("finalColumns") if has_final else None)

    def __getitem__(self, rows) -> "Batch":
        """Some rows: views for a slice, copies for a list of indices."""
        def part(value):
            if value is None:
                return None
            if isinstance(value, dict):
                return {name: array[rows] for name, array in value.items()}
            return value[rows]

        return Batch(is_part=True, **{name: part(getattr(self, name)) for name in _ARRAYS})

    def copy(self) -> "Batch":
        """A batch of its own memory."""
        def copied(value):
            if value is None:
                return None
            return {name: array.copy() for name, array in value.items()} if isinstance(value, dict) else value.copy()

        return Batch(is_part=self.is_part, **{name: copied(getattr(self, name)) for name in _ARRAYS})

    def __len__(self) -> int:
        return len(self.rewards)

    def __repr__(self) -> str:
        return f"Batch(rows={len(self)}, observations={self.observations.shape}, columns={list(self.columns)})"


_ARRAYS = tuple(name for name in Batch.__slots__ if name != "is_part")
# Where references can't be counted, no block is ever idle.
references = getattr(sys, "getrefcount", lambda memory: math.nan)


def blocks(batch: Batch, size: int, count: int = 4) -> list:
    """Blocks for copies of a batch's results: memory, its address, and what makes new arrays that show a copy."""
    start = batch.observations.ctypes.data
    made = []
    for _ in range(count):
        memory = np.empty(size, np.uint8)
        views = [
            np.ndarray(array.shape, array.dtype, memory, array.ctypes.data - start).view for array in _results(batch)]
        made.append((memory, address_argument(memory.ctypes.data), *views[:5], tuple(zip(batch.columns, views[5:]))))
    return made


def copies(batch: Batch) -> tuple:
    """In the form of a block: what copies each array of a batch's results."""
    copied = [array.copy for array in _results(batch)]
    return (None, None, *copied[:5], tuple(zip(batch.columns, copied[5:])))


def _results(batch: Batch) -> tuple:
    return (
        batch.observations, batch.rewards, batch.terminated, batch.truncated, batch.elapsed_steps,
        *batch.columns.values())
