"""What the tests share."""

import pathlib
import sys
import unittest

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import ludus  # noqa: E402

try:
    import gymnasium
except ImportError:
    gymnasium = None
try:
    import envpool
except ImportError:
    envpool = None
try:
    import dm_env
except ImportError:
    dm_env = None

needs_gymnasium = unittest.skipUnless(gymnasium, "gymnasium is not installed")
needs_envpool = unittest.skipUnless(envpool, "envpool is not installed")
needs_dm = unittest.skipUnless(dm_env, "dm_env is not installed")

LIGHT = [task for task in ludus.list_all_envs() if ludus.library.library().tasks()[task] in ("classic", "toy-text")]


def actions(pool: ludus.Pool, generator: np.random.Generator, steps: int, rows: int | None = None):
    """`[T, R, *action]`, random actions inside the space."""
    space = pool.specification.action
    shape = (steps, pool.rows if rows is None else rows, *space.shape)
    if space.kind == "box":
        return generator.uniform(space.low, space.high, shape).astype(space.dtype)
    return generator.integers(space.low, np.asarray(space.high) + 1, shape)
