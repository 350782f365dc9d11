"""The engine's pool of environments, as thin as Python allows."""

import ctypes
import itertools
import json

import numpy as np

from . import options as choices
from .library import handle_argument, library
from .memory import Batch, Memory, blocks, copies, references
from .specification import Specification

GENERATORS = ("fast", "envpool", "gymnasium")
_INT32 = np.dtype(np.int32)
AUTORESETS = {"next-step": "nextStep", "same-step": "sameStep", "disabled": "disabled"}


class Pool:
    """Many environments of one task, stepped together.

    `N` environments, `B` of them in a batch, `R` rows: one for each player of each environment. With B = N the pool is
    synchronous: `step` gives the results of all. With B < N it is asynchronous: `send` gives actions to some
    environments, `receive` the results of the B that are ready first.

    Batches are views of the engine's memory: a batch is overwritten by the step after the next one (asynchronous: by the
    next `receive`). Copy what has to last.
    """

    # Attributes and methods are found faster without a dictionary.
    __slots__ = (
        "specification", "num_envs", "batch_size", "num_threads", "is_async", "rows", "players", "max_episode_steps",
        "_library", "_handle", "_argument", "_call_step", "_call_step_copied", "_call_into", "_call_send",
        "_call_receive", "_dtype", "_near", "_shape", "_part_shape", "_is_even", "_actions", "_part_actions", "_targets",
        "_part_targets", "_mask", "_seeds", "_seeded", "_received", "_batches", "_by_code", "_copies", "_ring", "_idle",
        "_code", "_rollout", "__weakref__")

    def __init__(
        self, task_id: str, num_envs: int = 1, *, batch_size: int | None = None, num_threads: int = 0,
        seed=1, generator: str = "fast", autoreset: str = "next-step", max_episode_steps: int | None = None,
        pin_threads: bool = False, **task_options):
        """Makes the pool.

        `seed` is a number (environment i gets seed + i) or a list with one for each environment. `generator` says how
        random numbers are drawn: "fast", or as "envpool" or "gymnasium" draw them. `autoreset` is "next-step",
        "same-step" or "disabled". All other options are the task's. `num_threads=0` lets the pool choose.
        """
        self._handle = 0
        self._library = library()
        count = choices.whole(num_envs, "num_envs")
        if count < 1:
            raise ValueError(f"num_envs is {count}, must be at least 1")
        batch = choices.whole(batch_size, "batch_size") if batch_size else count
        if batch < 1 or batch > count:
            raise ValueError(f"batch_size is {batch}, must be from 1 to num_envs, which is {count}")
        if generator not in GENERATORS:
            raise ValueError(f"generator is {generator!r}, must be one of {', '.join(GENERATORS)}")
        if autoreset not in AUTORESETS:
            raise ValueError(f"autoreset is {autoreset!r}, must be one of {', '.join(AUTORESETS)}")
        seeds = choices.seed_list(seed, count)
        if None in seeds:
            raise ValueError("every environment needs a seed, not None")
        family = self._library.tasks().get(task_id, "")
        threads = choices.thread_count(choices.whole(num_threads, "num_threads"), batch, count, family)
        settings = {
            "batchSize": batch, "threads": threads, "seeds": seeds, "generator": generator,
            "autoreset": AUTORESETS[autoreset], "pinsThreads": bool(pin_threads)}
        if max_episode_steps is not None:
            settings["maximumEpisodeSteps"] = choices.whole(max_episode_steps, "max_episode_steps")
        chosen = json.dumps(choices.task_options(task_options))
        handle = self._library.calls.make(task_id.encode(), count, json.dumps(settings).encode(), chosen.encode())
        if handle < 0:
            self._library.fail(handle)
        self._attach(handle, choices.is_quick(family, count))

    def _attach(self, handle: int, is_quick: bool):
        memory = Memory(self._library, handle)
        about = self._library.text(self._library.calls.describe(handle))
        self.specification = Specification.of(about["specification"], about["id"])
        self.num_envs, self.batch_size = about["count"], about["batchSize"]
        self.num_threads = about["options"]["threads"]
        self.is_async = about["isAsynchronous"]
        self.rows = about["rows"]
        self.players = about["players"]
        self.max_episode_steps = about["options"].get("maximumEpisodeSteps", self.specification.max_episode_steps)
        self._is_even = len(set(self.players)) == 1
        action = self.specification.action
        self._dtype, self._shape = action.dtype, (self.rows, *action.shape)
        # A second type of actions that is taken as it comes.
        self._near = np.dtype({"float32": np.float64, "float64": np.float32}.get(action.dtype.name, np.int32))
        self._actions = memory.view(about["actions"], self._shape, action.dtype)
        self._targets = memory.view(about["environments"], (self.num_envs,), np.int32)
        # What a batch's environments need, where each has one player.
        part = self.batch_size if self.rows == self.num_envs else 0
        self._part_actions, self._part_targets = self._actions[:part], self._targets[:part]
        self._part_shape = (part or -1, *action.shape)
        self._mask = memory.view(about["mask"], (self.num_envs,), np.bool_)
        self._seeds = memory.view(about["seeds"], (self.num_envs,), np.uint64)
        self._seeded = memory.view(about["seeded"], (self.num_envs,), np.bool_)
        self._received = memory.view(about["received"], (1,), np.int32)
        self._batches = [
            Batch.at(memory, batch, self.specification, about["batchRows"]) for batch in about["batches"]]
        # A call gives four times the index of a batch, and two flags: see `has_ended`.
        self._by_code = [batch for batch in self._batches for _ in range(4)]
        self._copies = [copies(batch) for batch in self._by_code]
        ring = blocks(self._batches[0], about["resultBytes"])
        self._idle = references(ring[0][0])
        self._ring = itertools.cycle(ring)
        self._code = 0
        self._rollout = None
        self._handle, self._argument = handle, handle_argument(handle)
        calls = self._library.quick if is_quick else self._library.calls
        self._call_step, self._call_into = calls.step, calls.step_into
        self._call_step_copied = calls.step_copied
        self._call_send = calls.send
        # Waiting needs other threads to run only where it takes long.
        self._call_receive = calls.receive

    # Synchronous

    def reset(self, seed=None, mask=None) -> Batch:
        """Starts episodes, in all environments or where the mask is true; rows of the others hold what they held.

        `seed` is as for the constructor; None, for all or in a list, goes on with the random numbers that there are.
        """
        if mask is not None:
            mask = np.asarray(mask)
            if mask.dtype != np.bool_ or mask.shape != (self.num_envs,):
                raise ValueError(
                    f"the mask is {mask.dtype} of shape {mask.shape}, must be bool of shape ({self.num_envs},)")
            self._view(self._mask)[...] = mask
            self._finish_rollout()
        self._put_seeds(choices.seed_list(seed, self.num_envs))
        return self._batch(self._library.calls.reset(self._handle, 0 if mask is None else 1))

    def step(self, actions) -> Batch:
        """Steps every environment; actions have shape `[R, *action]`."""
        self._put(actions)
        call = self._call_step
        self._code = code = call(self._argument)
        if code < 0:
            self._library.fail(code)
        return self._by_code[code]

    def _step_kept(self, actions) -> tuple:
        """As `step`, with copies that last: observations, rewards, both flags, elapsed steps, columns.

        Columns are names and what makes the copies. All is copied at once, into one of a few blocks that take turns. A
        block is written again only when no array shows it any more; until then arrays are copied one by one.
        """
        self._put(actions)
        block = next(self._ring)
        if references(block[0]) == self._idle:
            call = self._call_step_copied
            self._code = code = call(self._argument, block[1])
        else:
            call = self._call_step
            self._code = code = call(self._argument)
            block = self._copies[max(code, 0)]
        if code < 0:
            self._library.fail(code)
        _, _, observations, rewards, terminated, truncated, elapsed, columns = block
        return observations(), rewards(), terminated(), truncated(), elapsed(), columns

    @property
    def actions(self) -> np.ndarray:
        """`[R, *action]`, the engine's own memory for actions: write here, then call `advance`."""
        return self._view(self._actions)

    def advance(self) -> Batch:
        """Steps every environment with what is in `actions`: the shortest way."""
        call = self._call_step
        self._code = code = call(self._argument)
        if code < 0:
            self._library.fail(code)
        return self._by_code[code]

    # Asynchronous

    def start(self, environments=None, seed=None):
        """Sends environments, or all, into new episodes; results come with `receive`."""
        count = self._put_targets(environments)
        self._put_seeds(choices.seed_list(seed, self.num_envs))
        self._library.check(self._library.calls.start(self._handle, count))

    def send(self, actions, environments):
        """Gives environments their next actions, in the same order, and returns."""
        count = self.batch_size
        if (
            environments.__class__ is np.ndarray and environments.dtype is _INT32
            and environments.shape == self._part_shape[:1] and actions.__class__ is np.ndarray
            and actions.shape == self._part_shape and (actions.dtype is self._dtype or actions.dtype is self._near)
        ):
            self._part_targets[...] = environments
            self._part_actions[...] = actions
        else:
            count = self._put_targets(environments)
            rows = count if self._is_even and self.players[0] == 1 else sum(
                self.players[index] for index in self._targets[:count] if 0 <= index < self.num_envs)
            self._put_actions(actions, rows)
        code = self._call_send(self._argument, count)
        if code < 0:
            self._library.fail(code)

    def receive(self) -> Batch:
        """The results of the B environments that are ready first; waits for them."""
        batch = self._batch(self._call_receive(self._argument))
        return batch if self._is_even else batch[: int(self._received[0])]

    # Single environments

    def snapshot(self, environment: int) -> bytes:
        """The whole state of an environment, random numbers and step count included."""
        index = choices.whole(environment, "environment")
        size = self._library.check(self._library.calls.snapshot(self._handle, index, None, 0))
        buffer = ctypes.create_string_buffer(size)
        self._library.check(self._library.calls.snapshot(self._handle, index, buffer, size))
        return buffer.raw

    def restore(self, environment: int, snapshot: bytes):
        """Puts an environment into a state that `snapshot` gave; its next step goes on from there."""
        index = choices.whole(environment, "environment")
        self._library.check(self._library.calls.restore(self._handle, index, snapshot, len(snapshot)))

    def picture(self, environment: int = 0) -> np.ndarray:
        """`[height, width, 3]`, a picture of an environment; RuntimeError where the task has none."""
        index = choices.whole(environment, "environment")
        shape = (ctypes.c_int32 * 2)()
        size = self._library.check(self._library.calls.picture(self._handle, index, None, 0, shape))
        if size == 0:
            raise RuntimeError(f"{self.specification.id} has no pictures")
        pixels = np.empty((shape[0], shape[1], 3), np.uint8)
        self._library.check(
            self._library.calls.picture(self._handle, index, pixels.ctypes.data, pixels.nbytes, shape))
        return pixels

    def close(self):
        """Closes the pool; later calls raise RuntimeError. Its memory goes with the last array that shows it."""
        self._handle, self._argument = 0, handle_argument(0)
        self._batches, self._by_code, self._copies, self._ring = [], [], [], None
        self._rollout = None
        self._actions = self._targets = self._mask = self._seeds = self._seeded = self._received = None
        self._part_actions = self._part_targets = None
        self._shape, self._part_shape = None, ()

    @property
    def has_ended(self) -> bool:
        """Whether any episode has ended in the batch that the last call gave."""
        return self._code & 3 != 0

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._handle == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __len__(self) -> int:
        return self.num_envs

    def __repr__(self) -> str:
        state = "closed" if self.is_closed else f"batch_size={self.batch_size}"
        return f"{type(self).__name__}({self.specification.id}, num_envs={self.num_envs}, {state})"

    # Arguments

    def _view(self, view):
        if view is None:
            raise RuntimeError("the pool is closed")
        return view

    def _batch(self, code: int) -> Batch:
        self._code = code
        return self._by_code[code] if code >= 0 else self._library.fail(code)

    def _put(self, actions):
        if actions.__class__ is np.ndarray and actions.shape == self._shape and (
            actions.dtype is self._dtype or actions.dtype is self._near
        ):
            self._actions[...] = actions
        else:
            self._put_actions(actions, self.rows)

    def _put_actions(self, actions, rows: int):
        target = self._view(self._actions)[:rows]
        if not isinstance(actions, np.ndarray):
            actions = np.asarray(actions)
        space = self.specification.action
        if actions.shape != target.shape:
            if actions.size != target.size or actions.shape[:1] != target.shape[:1]:
                raise ValueError(
                    f"the actions have shape {actions.shape}; {self.specification.id} needs {target.shape}")
            actions = actions.reshape(target.shape)
        kind = actions.dtype.kind
        if kind not in ("iub" if space.dtype.kind == "i" else "iuf"):
            raise TypeError(
                f"the actions are {actions.dtype}; actions of {self.specification.id} are {space}"
                + (f" ({space.dtype})" if space.kind == "discrete" else ""))
        target[...] = actions

    def _put_targets(self, environments) -> int:
        targets = self._view(self._targets)
        if environments is None:
            targets[...] = np.arange(self.num_envs)
            return self.num_envs
        environments = np.asarray(environments)
        if environments.dtype.kind not in "iu" or environments.ndim != 1:
            raise TypeError(
                f"the environments are {environments.dtype} of shape {environments.shape}; they must be a list of "
                "whole numbers")
        if len(environments) > self.num_envs:
            raise ValueError(f"{len(environments)} environments were given, the pool has {self.num_envs}")
        targets[: len(environments)] = environments
        return len(environments)

    def _put_seeds(self, seeds: list):
        seeded = self._view(self._seeded)
        for index, seed in enumerate(seeds):
            seeded[index] = seed is not None
            self._seeds[index] = seed or 0

    def _finish_rollout(self):
        """Observations that went into a rollout come back, so that a reset with a mask finds them."""
        if self._rollout is None:
            return
        rollout, time, batch = self._rollout
        self._rollout = None
        batch.observations[...] = rollout.observations[time]
        batch.rewards[...] = rollout.rewards[time]
        batch.terminated[...] = rollout.terminated[time]
        batch.truncated[...] = rollout.truncated[time]
