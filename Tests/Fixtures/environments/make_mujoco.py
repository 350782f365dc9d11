"""Golden episodes of robots under EnvPool and Gymnasium. Needs envpool 1.2.5, gymnasium 1.4.0 and mujoco 3.6.0.

    python make_mujoco.py > mujoco.json

Each case is played by three environments with given seeds. A number of an action is w / 32768 - 1 with w the upper 16
bits of a linear congruential generator's state, times the action space's bound and a factor; factors above 1 show that
actions aren't cut. Every 50 steps a digest is written of all observations, and one of all other numbers, so far:

    digest of an array = sum of its 64-bit words times the odd numbers (index * 2 + 1) * 0x9e3779b97f4a7c15 | 1
    chain = (chain ^ digest) * 0x100000001b3, starting from 0xcbf29ce484222325

modulo 2^64. The other numbers of a step, for each environment: reward, terminated, truncated, elapsed steps, info
columns, all as float64.

Gymnasium's cases are the first steps of one environment, up to an end: a digest of observations, and the rewards. Tasks
that draw from normal distributions are left out.
"""
import json
import sys
import types
import warnings

# Gymnasium imports it for pictures, which aren't made here.
sys.modules.setdefault("imageio", types.ModuleType("imageio"))
warnings.filterwarnings("ignore")
import envpool
import gymnasium
import numpy

SEED, COUNT, STEPS, EVERY = 42, 3, 250, 50
NAMES = [
    "Ant", "HalfCheetah", "Hopper", "Humanoid", "HumanoidStandup", "InvertedPendulum", "InvertedDoublePendulum",
    "Pusher", "Reacher", "Swimmer", "Walker2d",
]
# These never end by themselves, and their own limit is beyond the steps played here.
ENDLESS = ("HalfCheetah", "HumanoidStandup", "Swimmer")
CASES = [
    (f"{name}-{version}", {"max_episode_steps": 60} if name in ENDLESS else {}, 1.0)
    for version in ("v4", "v5")
    for name in NAMES
] + [
    ("Ant-v5", {"exclude_current_positions_from_observation": False, "terminate_when_unhealthy": False}, 1.5),
    ("Ant-v4", {"use_contact_force": True, "post_constraint": True, "max_episode_steps": 40}, 1.0),
    ("Hopper-v5", {"healthy_angle_min": -0.4, "healthy_angle_max": 0.4, "reset_noise_scale": 0.02}, 1.5),
    ("Humanoid-v5", {"healthy_z_min": 0.5, "exclude_current_positions_from_observation": False}, 1.5),
    ("HalfCheetah-v5", {"frame_skip": 2, "forward_reward_weight": 2.0, "ctrl_cost_weight": 0.3}, 1.5),
    ("Reacher-v4", {}, 2.0),
]
MASK = (1 << 64) - 1


def digest(array):
    words = numpy.ascontiguousarray(array).view("<u8").reshape(-1)
    index = numpy.arange(len(words), dtype=numpy.uint64)
    odd = (index * numpy.uint64(2) + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15) | numpy.uint64(1)
    return int((words * odd).sum(dtype=numpy.uint64))


class Chain:
    def __init__(self):
        self.value = 0xCBF29CE484222325

    def add(self, array):
        self.value = ((self.value ^ digest(array)) * 0x100000001B3) & MASK

    def __str__(self):
        return f"{self.value:016x}"


def columns(info):
    return [key for key in info if key not in ("env_id", "players", "elapsed_step")]


def play(name, options, factor):
    pool = envpool.make_gymnasium(name, num_envs=COUNT, seed=SEED, **options)
    space = pool.action_space
    bound = float(space.high[0])
    observations, numbers = Chain(), Chain()
    marks = {"observation": [], "numbers": []}
    state = 7

    def add(observation, reward, terminated, truncated, info):
        observations.add(observation)
        rows = [reward, terminated, truncated, info["elapsed_step"]] + [info[key] for key in columns(info)]
        numbers.add(numpy.stack([numpy.asarray(row).astype(numpy.float64) for row in rows], axis=1))

    observation, info = pool.reset()
    first = [f"{word:016x}" for word in observation[0].view("<u8")[:12].tolist()]
    shape = list(observation.shape[1:])
    none = numpy.zeros(COUNT)
    add(observation, none, none, none, info)
    total, ends = 0.0, 0
    for step in range(1, STEPS + 1):
        chosen = []
        for _ in range(COUNT * space.shape[0]):
            state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
            chosen.append(((state >> 16) / 32768 - 1) * bound * factor)
        result = pool.step(numpy.array(chosen).reshape(COUNT, -1))
        add(*result)
        total += float(result[1].astype(numpy.float64).sum())
        ends += int((result[2] | result[3]).sum())
        if step % EVERY == 0:
            marks["observation"].append(str(observations))
            marks["numbers"].append(str(numbers))
    return {
        "id": name, "options": options, "factor": factor, "bound": bound, "shape": shape, "columns": columns(info),
        "first": first, "reward": total, "ends": ends, **marks,
    }


def play_gymnasium(name):
    environment = gymnasium.make(name).unwrapped
    space = environment.action_space
    # Bounds are float32.
    bound = round(float(space.high[0]), 6)
    observations, rewards, state = Chain(), [], 7
    observation, _ = environment.reset(seed=SEED)
    observations.add(observation)
    terminated = False
    while len(rewards) < 40 and not terminated:
        chosen = []
        for _ in range(space.shape[0]):
            state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
            chosen.append(((state >> 16) / 32768 - 1) * bound)
        observation, reward, terminated, _, _ = environment.step(numpy.array(chosen))
        observations.add(observation)
        rewards.append(float(reward))
    return {"id": name, "observation": str(observations), "rewards": rewards, "terminated": bool(terminated)}


UNIFORM = ["Hopper", "Humanoid", "HumanoidStandup", "InvertedPendulum", "Pusher", "Reacher", "Swimmer", "Walker2d"]


def gymnasium_cases():
    # Gymnasium refuses Pusher-v4 with this version of MuJoCo.
    return [play_gymnasium(f"{name}-{version}") for version in ("v4", "v5") for name in UNIFORM
            if (name, version) != ("Pusher", "v4")]


if __name__ == "__main__":
    golden = {
        "seed": SEED, "count": COUNT, "steps": STEPS, "every": EVERY, "cases": [play(*case) for case in CASES],
        "gymnasium": gymnasium_cases(),
    }
    json.dump(golden, sys.stdout, indent=1)
