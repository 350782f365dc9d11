"""Gymnasium's `VectorEnv` over a pool."""

import secrets
from typing import Any

import numpy as np

from .pool import Pool

try:
    from gymnasium.vector import AutoresetMode, VectorEnv
    from gymnasium.vector.utils import batch_space
except ImportError:
    _BASE: type = object
    AutoresetMode = None
else:
    _BASE = VectorEnv

_MODES = {"NextStep": "next-step", "SameStep": "same-step", "Disabled": "disabled"}


class GymnasiumVectorEnv(_BASE):
    """Many environments of one task as Gymnasium 1.x has them.

    Differs from `gymnasium.vector.SyncVectorEnv` in this: rewards are float32; `infos` has the task's extra columns in
    every step. With `copy=False` all arrays are the engine's memory: a result is overwritten by the step after the next.
    """

    def __init__(
        self, task_id: str, num_envs: int = 1, *, autoreset_mode="NextStep", copy: bool = True,
        render_mode: str | None = None, record_episodes: bool = False, generator: str = "gymnasium",
        num_threads: int = 0, seed=None, max_episode_steps: int | None = None, **task_options: Any):
        """Makes the environments.

        `autoreset_mode` is Gymnasium's, or its value. `record_episodes` puts return and length of episodes that ended
        into `infos["episode"]`, under `r` and `l`, as Gymnasium's wrapper does. Without `seed`, here and in `reset`,
        random numbers differ from run to run.
        """
        if _BASE is object:
            raise ImportError("GymnasiumVectorEnv needs gymnasium 1.0 or later: pip install gymnasium")
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"render_mode is {render_mode!r}, must be None or 'rgb_array'")
        mode = AutoresetMode(autoreset_mode)
        self.pool = Pool(
            task_id, num_envs, generator=generator, autoreset=_MODES[mode.value], num_threads=num_threads,
            seed=secrets.randbits(31) if seed is None else seed, max_episode_steps=max_episode_steps, **task_options)
        if self.pool.rows != self.pool.num_envs:
            self.pool.close()
            raise ValueError(f"{task_id} has several players; Gymnasium's VectorEnv has one for each environment")
        self.num_envs = self.pool.num_envs
        self.copy = copy
        self.autoreset_mode = mode
        self.render_mode = render_mode
        self.record_episodes = record_episodes
        self.metadata = {"render_modes": ["rgb_array"], "autoreset_mode": mode}
        self.single_observation_space = self.pool.specification.observation.gymnasium()
        self.single_action_space = self.pool.specification.action.gymnasium()
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._is_same_step = mode == AutoresetMode.SAME_STEP
        self._needs_ends = self._is_same_step or record_episodes
        self._columns = [column.name for column in self.pool.specification.columns]

    def reset(self, *, seed=None, options: dict[str, Any] | None = None):
        """Starts episodes; `options["reset_mask"]`, a bool array, chooses environments.

        `seed` is a number (environment i gets seed + i) or a list with a number or None for each environment.
        """
        if isinstance(seed, (int, np.integer)):
            super().reset(seed=int(seed))
        mask = None if options is None else options.get("reset_mask")
        if mask is not None:
            if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
                raise TypeError("options['reset_mask'] must be a NumPy array of bool")
            if mask.shape != (self.num_envs,):
                raise ValueError(f"options['reset_mask'] has shape {mask.shape}, must be ({self.num_envs},)")
            if not mask.any():
                raise ValueError("options['reset_mask'] must choose at least one environment")
        batch = self.pool.reset(seed, mask)
        infos: dict[str, Any] = {}
        if self._columns:
            self._add_columns(infos, batch.columns, mask)
        return batch.observations.copy() if self.copy else batch.observations, infos

    def step(self, actions):
        """Steps every environment."""
        pool = self.pool
        if self.copy:
            observations, rewards, terminated, truncated, _, _ = pool._step_kept(actions)
            batch = pool._by_code[pool._code]
        else:
            batch = pool.step(actions)
            observations, rewards, terminated, truncated = (
                batch.observations, batch.rewards, batch.terminated, batch.truncated)
        infos: dict[str, Any] = {}
        if self._needs_ends and pool._code & 3:
            self._add_ends(infos, batch)
        if self._columns:
            self._add_columns(infos, batch.columns, None)
        return observations, rewards, terminated, truncated, infos

    def _add_columns(self, infos: dict, columns: dict, mask: np.ndarray | None):
        for name in self._columns:
            column = columns[name]
            infos[name] = column.copy() if self.copy or mask is not None else column
            if mask is not None:
                infos[name][~mask] = 0
            infos["_" + name] = np.ones(self.num_envs, np.bool_) if mask is None else mask.copy()

    def _add_ends(self, infos: dict, batch):
        ended = np.logical_or(batch.terminated, batch.truncated)
        if self.record_episodes:
            infos["episode"] = {
                "r": np.where(ended, batch.episode_returns, 0), "_r": ended.copy(),
                "l": np.where(ended, batch.elapsed_steps, 0), "_l": ended.copy()}
            infos["_episode"] = ended.copy()
        if not self._is_same_step:
            return
        final = np.empty(self.num_envs, dtype=object)
        rows = np.flatnonzero(ended)
        for index, row in zip(rows.tolist(), batch.final_observations[rows]):
            final[index] = row
        infos["final_obs"], infos["_final_obs"] = final, ended.copy()
        about: dict[str, Any] = {}
        for name in self._columns:
            column = batch.final_columns[name]
            about[name] = np.zeros_like(column)
            about[name][ended] = column[ended]
            about["_" + name] = ended.copy()
        infos["final_info"], infos["_final_info"] = about, ended.copy()

    def snapshot(self, environment: int) -> bytes:
        """The whole state of an environment; see `Pool.snapshot`."""
        return self.pool.snapshot(environment)

    def restore(self, environment: int, snapshot: bytes):
        """Puts an environment into a state; see `Pool.restore`."""
        self.pool.restore(environment, snapshot)

    def render(self):
        """A tuple of pictures, one for each environment; None without `render_mode`."""
        if self.render_mode is None:
            return None
        return tuple(self.pool.picture(index) for index in range(self.num_envs))

    def close_extras(self, **_):
        """Closes the pool."""
        self.pool.close()

    def __del__(self):
        pool = self.__dict__.get("pool")
        if pool is not None:
            pool.close()

    def __repr__(self) -> str:
        return f"GymnasiumVectorEnv({self.pool.specification.id}, num_envs={self.num_envs})"
