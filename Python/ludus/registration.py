"""EnvPool's functions that make pools."""

from typing import Any

from .envpool import DMEnvPool, GymnasiumEnvPool
from .library import library
from .spec import EnvSpec
from .vector import GymnasiumVectorEnv


def make(task_id: str, env_type: str = "gymnasium", **options: Any):
    """A pool with EnvPool's calls; `env_type` is "gymnasium" (or "gym") or "dm".

    Options are EnvPool's: `num_envs`, `batch_size`, `num_threads`, `seed`, `max_episode_steps`, and the task's own; and
    ours: `generator` ("envpool", so that seeds agree; "gymnasium"; "fast"), `copy`.
    """
    if env_type in ("gymnasium", "gym"):
        return GymnasiumEnvPool(task_id, **options)
    if env_type == "dm":
        return DMEnvPool(task_id, **options)
    raise ValueError(f"env_type is {env_type!r}, must be 'gymnasium', 'gym' or 'dm'")


def make_gymnasium(task_id: str, **options: Any) -> GymnasiumEnvPool:
    """A pool with EnvPool's calls and Gymnasium's results."""
    return GymnasiumEnvPool(task_id, **options)


make_gym = make_gymnasium


def make_dm(task_id: str, **options: Any) -> DMEnvPool:
    """A pool with EnvPool's calls and dm_env's time steps."""
    return DMEnvPool(task_id, **options)


def make_vec(task_id: str, num_envs: int = 1, **options: Any) -> GymnasiumVectorEnv:
    """A Gymnasium `VectorEnv`; see `GymnasiumVectorEnv`."""
    return GymnasiumVectorEnv(task_id, num_envs, **options)


def make_spec(task_id: str, **options: Any) -> EnvSpec:
    """Spaces and configuration of a task."""
    return EnvSpec.make(task_id, **options)


def list_all_envs() -> list[str]:
    """The ids of all tasks."""
    return list(library().tasks())
