"""What a task's observations and actions are."""

import dataclasses
from typing import Any

import numpy as np


@dataclasses.dataclass(frozen=True)
class Space:
    """The values that an observation or action of one player may have.

    `kind` is "box", "discrete" or "multi-discrete"; bounds are inclusive and have the space's shape.
    """

    kind: str
    shape: tuple
    dtype: np.dtype
    low: Any
    high: Any
    start: int = 0
    count: int = 0

    @classmethod
    def of(cls, description: dict) -> "Space":
        """The space in the engine's description."""
        (kind, values), = description.items()
        if kind == "box":
            shape, dtype = tuple(values["shape"]), np.dtype(values["element"])

            def bounds(numbers):
                numbers = np.array([float(number) for number in numbers])
                if np.issubdtype(dtype, np.floating):
                    # The largest float32 stands for no bound, as the reference environments have it.
                    numbers = np.where(np.abs(numbers) >= np.finfo(np.float32).max, np.copysign(np.inf, numbers), numbers)
                array = np.empty(shape, dtype)
                array[...] = numbers[0] if len(numbers) == 1 else numbers.reshape(shape)
                return array

            return cls("box", shape, dtype, bounds(values["low"]), bounds(values["high"]))
        if kind == "discrete":
            start, count = values["start"], values["count"]
            return cls("discrete", (), np.dtype(np.int64), start, start + count - 1, start, count)
        counts = np.array(values["counts"], np.int64)
        return cls("multi-discrete", counts.shape, np.dtype(np.int64), np.zeros_like(counts), counts - 1)

    def gymnasium(self):
        """The same as a Gymnasium space."""
        from gymnasium import spaces

        if self.kind == "box":
            return spaces.Box(self.low, self.high, self.shape, self.dtype.type)
        if self.kind == "discrete":
            return spaces.Discrete(self.count, start=self.start)
        return spaces.MultiDiscrete(self.high + 1)

    def dm(self, name: str):
        """The same as a dm_env spec."""
        from dm_env import specs

        if self.kind == "discrete" and self.start == 0:
            return specs.DiscreteArray(self.count, self.dtype, name)
        return specs.BoundedArray(self.shape, self.dtype, self.low, self.high, name)

    def __str__(self) -> str:
        if self.kind == "discrete":
            return f"whole numbers from {self.low} to {self.high}"
        return f"{self.dtype} of shape {self.shape}"


@dataclasses.dataclass(frozen=True)
class Column:
    """An extra number, or array of numbers, of each row."""

    name: str
    dtype: np.dtype
    shape: tuple


@dataclasses.dataclass(frozen=True)
class Specification:
    """What is the same for all environments of a task."""

    id: str
    observation: Space
    action: Space
    max_episode_steps: int | None
    reward_threshold: float | None
    players: int
    columns: tuple

    @classmethod
    def of(cls, description: dict, task: str) -> "Specification":
        """The specification in the engine's description."""
        columns = (
            Column(column["name"], np.dtype(column["element"]), tuple(column["shape"]))
            for column in description["columns"])
        return cls(
            task, Space.of(description["observation"]), Space.of(description["action"]),
            description.get("maximumEpisodeSteps"), description.get("rewardThreshold"),
            description["players"], tuple(columns))
