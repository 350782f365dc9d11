"""Pools with EnvPool's calls: `reset`, `step`, `send`, `recv`, `async_reset`."""

import collections
from typing import Any

import numpy as np

from .memory import Batch
from .pool import Pool
from .spec import EnvSpec, configuration, finished, pool_options, task_only

try:
    import gymnasium
    from gymnasium.vector import AutoresetMode, VectorEnv
except ImportError:
    _GYMNASIUM_BASES: tuple = ()
    _METADATA: dict = {"render_modes": ["rgb_array"]}
else:
    _GYMNASIUM_BASES = (VectorEnv, gymnasium.Env)
    _METADATA = {"render_modes": ["rgb_array"], "autoreset_mode": AutoresetMode.NEXT_STEP}

try:
    from dm_env import Environment, TimeStep
except ImportError:
    _DM_BASES: tuple = ()
    TimeStep = collections.namedtuple("TimeStep", "step_type reward discount observation")
else:
    _DM_BASES = (Environment,)


class EnvPool:
    """What pools with EnvPool's calls have in common.

    Episodes that have ended start again in the next step. Arrays are copies, unless `copy=False`: then they are the
    engine's memory, and a result is overwritten by the step after the next one (asynchronous: by the next `recv`).
    """

    metadata = _METADATA

    def __init__(
        self, task_id: str, *, copy: bool = True, render_mode: str | None = None, render_env_id: int = 0,
        **options: Any):
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"render_mode is {render_mode!r}, must be None or 'rgb_array'")
        settings, of_task = configuration(options), task_only(options)
        self.pool = Pool(task_id, **pool_options(settings), **of_task)
        self.config = finished({**settings, **of_task}, self.pool)
        self.spec = EnvSpec(self.pool.specification, self.config)
        self.copy = copy
        self.render_mode = render_mode
        self.render_env_id = render_env_id
        self.num_envs = self.pool.num_envs
        self.is_vector_env = True
        self.all_env_ids = np.arange(self.num_envs, dtype=np.int32)
        self.is_async = self.pool.is_async
        # In a synchronous pool: the result that the next recv gives.
        self._ready: Batch | None = None
        self._seed = None
        self._results: dict = {}

    # EnvPool's calls

    def reset(self, env_id=None, *, seed=None, options: dict | None = None):
        """Starts episodes in all environments or some, and gives the first results.

        `seed` is a number or a list with one for each environment; EnvPool ignores it, here it counts.
        """
        env_id = self._reset_ids(env_id, options)
        self._start(env_id, self._seed if seed is None else seed)
        return self.recv(reset=True)

    def async_reset(self):
        """Starts episodes in all environments; results come with `recv`."""
        self._start(None, self._seed)

    def send(self, action, env_id=None):
        """Gives environments their next actions; results come with `recv`."""
        if isinstance(action, dict):
            env_id = action.get("env_id", env_id)
            action = action["action"]
        if self.is_async:
            return self.pool.send(action, self.all_env_ids if env_id is None else env_id)
        self._ready = self._step(action, env_id)

    def recv(self, reset: bool = False, return_info: bool = True):
        """The next results."""
        if self.is_async:
            return self._result(self.pool.receive(), reset)
        batch, self._ready = self._ready, None
        if batch is None:
            raise RuntimeError("the pool is closed" if self.pool.is_closed else "nothing was sent; call send or reset first")
        return self._result(batch, reset)

    def step(self, action, env_id=None):
        """`send` and `recv`."""
        if env_id is None and not self.is_async and action.__class__ is not dict:
            return self._result(self.pool.step(action), False)
        self.send(action, env_id)
        return self.recv()

    def seed(self, seed=None):
        """Keeps seeds for the next reset."""
        self._seed = seed

    def snapshot(self, env_id: int) -> bytes:
        """The whole state of an environment; see `Pool.snapshot`."""
        return self.pool.snapshot(env_id)

    def restore(self, env_id: int, snapshot: bytes):
        """Puts an environment into a state; see `Pool.restore`."""
        self.pool.restore(env_id, snapshot)

    def render(self, env_ids=None, camera_id=None) -> np.ndarray:
        """`[n, height, width, 3]`, pictures of environments."""
        if self.render_mode is None:
            raise RuntimeError("pictures need render_mode='rgb_array' when the pool is made")
        ids = np.atleast_1d(self.render_env_id if env_ids is None else env_ids)
        return np.stack([self.pool.picture(index) for index in ids])

    def close(self, **_):
        """Closes the pool; later calls raise RuntimeError."""
        self._ready = None
        self._results = {}
        self.pool.close()

    def xla(self):
        """Raises: there are no XLA calls; `__dlpack__` of the arrays shares them with JAX and torch."""
        raise RuntimeError("there are no XLA calls; use jax.dlpack.from_dlpack or torch.from_dlpack on the arrays")

    def __len__(self) -> int:
        return self.num_envs

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.pool.specification.id}, {self.config})"

    __str__ = __repr__

    # How

    def _reset_ids(self, env_id, options):
        if options is None:
            return env_id
        unknown = set(options) - {"reset_mask"}
        if unknown:
            raise ValueError(f"reset knows no options {sorted(unknown)}, only reset_mask")
        mask = options.get("reset_mask")
        if mask is None:
            return env_id
        if env_id is not None:
            raise ValueError("give env_id or options['reset_mask'], not both")
        mask = np.asarray(mask, np.bool_)
        if mask.shape != (self.num_envs,):
            raise ValueError(f"reset_mask has shape {mask.shape}, must be ({self.num_envs},)")
        if not mask.any():
            raise ValueError("reset_mask must choose at least one environment")
        return np.flatnonzero(mask).astype(np.int32)

    def _start(self, env_id, seed):
        if self.is_async:
            return self.pool.start(env_id, seed)
        if env_id is None:
            self._ready = self.pool.reset(seed)
            return
        ids = self._ids(env_id)
        mask = np.zeros(self.num_envs, np.bool_)
        mask[ids] = True
        batch = self.pool.reset(seed, mask)
        self._ready = batch[self._rows(ids)]

    def _ids(self, env_id) -> np.ndarray:
        ids = np.asarray(env_id)
        if ids.dtype.kind not in "iu" or ids.ndim != 1:
            raise TypeError(f"env_id is {ids.dtype} of shape {ids.shape}, must be a list of whole numbers")
        if len(ids) and (ids.min() < 0 or ids.max() >= self.num_envs):
            raise ValueError(f"env_id has numbers outside 0 to {self.num_envs - 1}")
        if len(np.unique(ids)) != len(ids):
            raise ValueError("env_id names an environment twice")
        return ids

    def _rows(self, ids) -> np.ndarray:
        """The rows of environments, one for each of their players."""
        starts = np.concatenate([[0], np.cumsum(self.pool.players)])
        return np.concatenate([np.arange(starts[index], starts[index + 1]) for index in ids])

    def _step(self, action, env_id) -> Batch:
        if env_id is None:
            return self.pool.step(action)
        ids = self._ids(env_id)
        if len(ids) != self.num_envs:
            raise ValueError(
                f"{len(ids)} environments were given; a synchronous pool steps all {self.num_envs} at once")
        if np.array_equal(ids, self.all_env_ids):
            return self.pool.step(action)
        rows = self._rows(ids)
        action = np.asarray(action)
        if action.shape[:1] != rows.shape:
            raise ValueError(f"the actions have shape {action.shape}, the pool needs {len(rows)} rows")
        ordered = np.empty_like(action)
        ordered[rows] = action
        return self.pool.step(ordered)[rows]

    def _result(self, batch: Batch, reset: bool):
        raise NotImplementedError


class GymnasiumEnvPool(EnvPool, *_GYMNASIUM_BASES):
    """A pool with EnvPool's calls and Gymnasium's results.

    As in EnvPool, `observation_space` and `action_space` are those of one environment.
    """

    def __init__(self, task_id: str, **options: Any):
        super().__init__(task_id, **options)
        if _GYMNASIUM_BASES:
            self.observation_space = self.single_observation_space = self.spec.observation_space
            self.action_space = self.single_action_space = self.spec.action_space
        # Always the same in a synchronous pool.
        self._row_ids = self.pool._batches[0].environments.copy()
        self._columns = [column.name for column in self.pool.specification.columns]

    def step(self, action, env_id=None):
        """`send` and `recv`."""
        if env_id is not None or self.is_async or action.__class__ is dict:
            return super().step(action, env_id)
        pool = self.pool
        if not self.copy:
            return self._viewed(pool.step(action), False)
        observations, rewards, terminated, truncated, elapsed, columns = pool._step_kept(action)
        if pool._code & 2:
            # An episode that ends and is cut off at once counts as cut off, as in EnvPool.
            terminated &= ~truncated
        ids = self._row_ids
        info = {"env_id": ids, "players": {"env_id": ids}, "elapsed_step": elapsed}
        for name, column in columns:
            info[name] = column()
        return observations, rewards, terminated, truncated, info

    def _result(self, batch: Batch, reset: bool):
        if not self.copy:
            return self._viewed(batch, reset)
        ids = batch.environments.copy() if self.is_async or batch.is_part else self._row_ids
        info = {"env_id": ids, "players": {"env_id": ids}, "elapsed_step": batch.elapsed_steps.copy()}
        for name in self._columns:
            info[name] = batch.columns[name].copy()
        if reset:
            return batch.observations.copy(), info
        # An episode that ends and is cut off at once counts as cut off, as in EnvPool.
        terminated = batch.terminated & ~batch.truncated
        return batch.observations.copy(), batch.rewards.copy(), terminated, batch.truncated.copy(), info

    def _viewed(self, batch: Batch, reset: bool):
        if self.pool._code & 2:
            np.greater(batch.terminated, batch.truncated, out=batch.terminated)
        results = self._results.get(id(batch))
        if results is None:
            ids = batch.environments
            info = {
                "env_id": ids, "players": {"env_id": ids}, "elapsed_step": batch.elapsed_steps, **batch.columns}
            results = (
                (batch.observations, batch.rewards, batch.terminated, batch.truncated, info),
                (batch.observations, info))
            if not batch.is_part:
                # The pool's own batches, which live as long as it does.
                self._results[id(batch)] = results
        return results[reset]


class DMEnvPool(EnvPool, *_DM_BASES):
    """A pool with EnvPool's calls and dm_env's time steps."""

    def __init__(self, task_id: str, **options: Any):
        super().__init__(task_id, **options)
        names = [column.name for column in self.pool.specification.columns]
        self._state = collections.namedtuple("State", ["env_id", "players", *names, "obs"])
        self._players = collections.namedtuple("players", ["env_id"])

    def observation_spec(self):
        """Observations as a named tuple of dm_env specs."""
        return self.spec.observation_spec()

    def action_spec(self):
        """Actions as a dm_env spec."""
        return self.spec.action_spec()

    def _result(self, batch: Batch, reset: bool):
        if self.copy:
            batch = batch.copy()
        done = batch.terminated | batch.truncated
        kind = np.where(done, 2, np.where(batch.elapsed_steps == 0, 0, 1)).astype(np.int32)
        ids = batch.environments
        state = self._state(ids, self._players(ids), *batch.columns.values(), batch.observations)
        return TimeStep(kind, batch.rewards, (~done).astype(np.float32), state)
