"""Golden tables and episodes of toy text. Needs gymnasium 1.4.0 and envpool 1.2.5 (see VERSIONS.json).

    python make_toy_text.py > toy_text.json

Tables are Gymnasium's `P`; a row is [probability, next state, reward, ends] for each outcome of each action in each
state. Episodes are Gymnasium's from seeds 42 and 43, with random actions and next-step resets that draw on; and EnvPool's
from seed 42.
"""
import json
import warnings

warnings.filterwarnings("ignore")
import envpool
import gymnasium
import numpy

TABLES = {
    "FrozenLake-v1": ("FrozenLake-v1", {}),
    "FrozenLake8x8-v1": ("FrozenLake8x8-v1", {}),
    "FrozenLake-v1 dry": ("FrozenLake-v1", {"is_slippery": False}),
    "CliffWalking-v1": ("CliffWalking-v1", {}),
    "CliffWalkingSlippery-v1": ("CliffWalkingSlippery-v1", {}),
    "Taxi-v3": ("Taxi-v4", {}),
}
EPISODES = ["FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalking-v1", "CliffWalkingSlippery-v1", "Taxi-v3", "Blackjack-v1"]
NAMES = {"Taxi-v3": "Taxi-v4"}
POOLS = ["FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalking-v0", "Taxi-v3", "Blackjack-v1", "NChain-v0", "Catch-v0"]


def number(value):
    value = round(float(value), 12)
    return int(value) if value == int(value) else value


def table(name, options):
    p = gymnasium.make(name, **options).unwrapped.P
    return [
        [[[number(q), int(s), number(r), int(bool(d))] for q, s, r, d in p[state][action]] for action in sorted(p[state])]
        for state in sorted(p)
    ]


def flat(observation):
    numbers = numpy.asarray(observation, dtype=float).ravel()
    # Of boards only where they aren't 0.
    return [number(x) for x in numbers] if len(numbers) <= 10 else [int(i) for i in numpy.flatnonzero(numbers)]


def episode(name, seed, steps=120):
    environment = gymnasium.make(NAMES.get(name, name))
    random = numpy.random.default_rng(seed)
    observation, _ = environment.reset(seed=seed)
    rows = [[-1, flat(observation), 0, 0, 0]]
    over = False
    for _ in range(steps):
        action = int(random.integers(environment.action_space.n))
        if over:
            observation, _ = environment.reset()
            rows.append([action, flat(observation), 0, 0, 0])
            over = False
            continue
        observation, reward, terminated, truncated, _ = environment.step(action)
        over = terminated or truncated
        rows.append([action, flat(observation), number(reward), int(terminated), int(truncated)])
    return rows


def pool_episode(name, steps=120):
    pool = envpool.make_gymnasium(name, num_envs=1, seed=42)
    random = numpy.random.default_rng(5)
    rows = [[-1, flat(pool.reset()[0]), 0, 0, 0]]
    for _ in range(steps):
        action = int(random.integers(pool.action_space.n))
        observation, reward, terminated, truncated, _ = pool.step(numpy.array([action]))
        rows.append([action, flat(observation), number(reward[0]), int(terminated[0]), int(truncated[0])])
    return rows


print(
    json.dumps(
        {
            "tables": {key: table(*value) for key, value in TABLES.items()},
            "gymnasium": {name: [episode(name, seed) for seed in (42, 43)] for name in EPISODES},
            "envpool": {name: pool_episode(name) for name in POOLS},
        },
        separators=(",", ":"),
    )
)
