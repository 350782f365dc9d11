"""EnvPool's description of a task before a pool is made."""

import collections
from typing import Any

import numpy as np

from .pool import Pool
from .specification import Specification


class ArraySpec:
    """Type, shape and bounds of an array; -1 in a shape stands for the players."""

    def __init__(self, dtype, shape, minimum, maximum, is_discrete: bool = False):
        self.dtype = np.dtype(dtype)
        self.shape = list(shape)
        self.minimum, self.maximum = minimum, maximum
        self.is_discrete = is_discrete

    def __repr__(self) -> str:
        return (
            f"ArraySpec(shape={self.shape}, dtype={self.dtype}, minimum={self.minimum}, maximum={self.maximum})")


class EnvSpec:
    """Spaces and configuration of a task, under EnvPool's names."""

    def __init__(self, specification: Specification, config: dict):
        self.specification = specification
        self.id = specification.id
        self._config = dict(config)

    @classmethod
    def make(cls, task_id: str, **options: Any) -> "EnvSpec":
        """The description of the task with these options."""
        options = dict(options)
        settings = configuration(options)
        with Pool(task_id, **pool_options({**settings, "num_envs": 1, "batch_size": 0, "seed": 0, "env_seed": []}),
                  **task_only(options)) as pool:
            return cls(pool.specification, finished({**settings, **task_only(options)}, pool))

    @property
    def config(self):
        """The configuration as a named tuple."""
        return collections.namedtuple("Config", self._config)(**self._config)

    @property
    def reward_threshold(self) -> float | None:
        """Return at which the task counts as solved, if there is one."""
        return self.specification.reward_threshold

    @property
    def observation_space(self):
        """Observations of one environment as a Gymnasium space."""
        return self.specification.observation.gymnasium()

    @property
    def action_space(self):
        """Actions of one environment as a Gymnasium space."""
        return self.specification.action.gymnasium()

    gymnasium_observation_space = observation_space
    gymnasium_action_space = action_space

    def observation_spec(self):
        """Observations as a named tuple of dm_env specs."""
        from dm_env import specs

        def number(name):
            bounds = np.iinfo(np.int32)
            return specs.BoundedArray((), np.int32, bounds.min, bounds.max, name)

        fields = {"env_id": number("env_id"), "players": _tuple("players", {"env_id": number("env_id")})}
        for column in self.specification.columns:
            fields[column.name] = specs.Array(column.shape, column.dtype, column.name)
        fields["obs"] = self.specification.observation.dm("obs")
        return _tuple("State", fields)

    def action_spec(self):
        """Actions as a dm_env spec."""
        return self.specification.action.dm("action")

    @property
    def state_array_spec(self) -> dict:
        """All arrays that a step gives."""
        integer = np.iinfo(np.int32)
        single = np.finfo(np.float32)
        arrays = {
            "info:env_id": ArraySpec(np.int32, [], integer.min, integer.max),
            "info:players.env_id": ArraySpec(np.int32, [-1], integer.min, integer.max),
            "elapsed_step": ArraySpec(np.int32, [], integer.min, integer.max),
            "done": ArraySpec(np.bool_, [], False, True),
            "reward": ArraySpec(np.float32, [-1], single.min, single.max),
            "discount": ArraySpec(np.float32, [-1], 0.0, 1.0),
            "step_type": ArraySpec(np.int32, [], integer.min, integer.max),
            "trunc": ArraySpec(np.bool_, [], False, True),
        }
        for column in self.specification.columns:
            bounds = np.finfo(column.dtype) if column.dtype.kind == "f" else np.iinfo(column.dtype)
            arrays[f"info:{column.name}"] = ArraySpec(column.dtype, column.shape, bounds.min, bounds.max)
        space = self.specification.observation
        arrays["obs"] = ArraySpec(space.dtype, space.shape, space.low, space.high, space.kind != "box")
        return arrays

    @property
    def action_array_spec(self) -> dict:
        """All arrays that a step takes."""
        integer = np.iinfo(np.int32)
        space = self.specification.action
        return {
            "env_id": ArraySpec(np.int32, [], integer.min, integer.max),
            "players.env_id": ArraySpec(np.int32, [-1], integer.min, integer.max),
            "action": ArraySpec(space.dtype, [-1, *space.shape], space.low, space.high, space.kind != "box"),
        }

    def __repr__(self) -> str:
        return f"EnvSpec({self.id}, {self._config})"


def _tuple(name: str, fields: dict):
    return collections.namedtuple(name, fields)(**fields)


# EnvPool's options of a pool and their standard values; all other options are the task's.
DEFAULTS = {
    "num_envs": 1, "batch_size": 0, "num_threads": 0, "max_num_players": 1, "thread_affinity_offset": -1,
    "seed": 42, "env_seed": (), "gym_reset_return_info": True, "max_episode_steps": None, "generator": "envpool",
}


def configuration(options: dict) -> dict:
    """The pool's options among all; raises where EnvPool would."""
    settings = {name: options.get(name, value) for name, value in DEFAULTS.items()}
    if not settings["gym_reset_return_info"]:
        raise ValueError("gym_reset_return_info=False isn't possible: resets return observations and an info dictionary")
    seeds = settings["seed"]
    if hasattr(seeds, "__len__"):
        if len(settings["env_seed"]):
            raise ValueError("give seeds as a list in seed or in env_seed, not in both")
        settings["seed"], settings["env_seed"] = 0, list(seeds)
    return settings


def task_only(options: dict) -> dict:
    """The task's options among all."""
    return {name: value for name, value in options.items() if name not in DEFAULTS}


def pool_options(settings: dict) -> dict:
    """Arguments of `Pool` that mean the same as EnvPool's options."""
    seeds = settings["env_seed"]
    return {
        "num_envs": settings["num_envs"], "batch_size": settings["batch_size"] or None,
        "num_threads": settings["num_threads"], "seed": list(seeds) if len(seeds) else settings["seed"],
        "generator": settings["generator"], "max_episode_steps": settings["max_episode_steps"],
        "pin_threads": settings["thread_affinity_offset"] >= 0}


def finished(config: dict, pool: Pool) -> dict:
    """A configuration with what the pool has chosen."""
    return {
        **config, "num_envs": config["num_envs"], "batch_size": config["batch_size"] or config["num_envs"],
        "max_episode_steps": pool.max_episode_steps, "reward_threshold": pool.specification.reward_threshold}
