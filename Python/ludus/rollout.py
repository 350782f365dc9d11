"""Steps whose results go straight into a trainer's arrays."""

import numpy as np

from .memory import Batch
from .pool import Pool


class Rollout:
    """Arrays `[T, R, ...]` that a pool writes into: nothing is copied.

    Give your own arrays (NumPy, or anything that NumPy sees without a copy, such as a CPU tensor), or none to have them
    made. `R` rows: one for each player of each environment.
    """

    def __init__(
        self, pool: Pool, steps: int, observations=None, rewards=None, terminated=None, truncated=None):
        """Binds a pool to arrays; raises ValueError or TypeError where shape, type or layout don't fit."""
        if pool.is_async:
            raise ValueError("an asynchronous pool can't write into a rollout")
        space = pool.specification.observation
        self.pool = pool
        self.steps = steps
        self.observations, observation_step = self._array(
            "observations", observations, (steps, pool.rows, *space.shape), space.dtype)
        self.rewards, reward_step = self._array("rewards", rewards, (steps, pool.rows), np.dtype(np.float32))
        self.terminated, flag_step = self._array("terminated", terminated, (steps, pool.rows), np.dtype(np.bool_))
        self.truncated, _ = self._array("truncated", truncated, (steps, pool.rows), np.dtype(np.bool_))
        starts = [array.ctypes.data for array in (self.observations, self.rewards, self.terminated, self.truncated)]
        strides = (observation_step, reward_step, flag_step, flag_step)
        self._pointers = [
            tuple(start + time * stride for start, stride in zip(starts, strides)) for time in range(steps)]

    @staticmethod
    def _array(name: str, given, shape: tuple, dtype: np.dtype):
        array = np.zeros(shape, dtype) if given is None else np.asarray(given)
        if given is not None and array is not given and not np.shares_memory(array, np.asarray(given)):
            raise TypeError(f"{name} can't be seen by NumPy without a copy")
        if array.shape != shape:
            raise ValueError(f"{name} has shape {array.shape}, must be {shape}")
        if array.dtype != dtype and not (dtype == np.bool_ and array.dtype == np.uint8):
            raise TypeError(f"{name} is {array.dtype}, must be {dtype}")
        if not array.flags.c_contiguous or not array.flags.writeable:
            raise ValueError(f"{name} must be writeable and C-contiguous")
        return array, array.strides[0]

    def step(self, time: int, actions) -> Batch:
        """Steps every environment, results at `[time]`; the batch that is returned holds the other columns."""
        pool = self.pool
        pool._put_actions(actions, pool.rows)
        batch = pool._batch(pool._call_into(pool._handle, *self._pointers[time]))
        pool._rollout = (self, time, batch)
        return batch
