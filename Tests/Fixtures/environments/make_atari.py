"""Golden digests of Atari games under EnvPool. Needs envpool 1.2.5 (see VERSIONS.json).

    python make_atari.py > atari.json

Each case is played by two environments with given seeds and actions from a linear congruential generator. Every
100 steps (every 20 in short cases) a digest is written of all observations, memories and numbers so far:

    digest of an array = sum of its 64-bit words times the odd numbers (index * 2 + 1) * 0x9e3779b97f4a7c15 | 1
    chain = (chain ^ digest) * 0x100000001b3, starting from 0xcbf29ce484222325

modulo 2^64. Observations are digested as bytes, padded with zeros to whole words. The numbers of a step, for each
environment: reward, unclipped reward, lives, game over, terminated, truncated, elapsed steps; as 64-bit integers.
"""
import json
import sys
import warnings

warnings.filterwarnings("ignore")
import envpool
import numpy

SEED, COUNT = 42, 2
GAMES = ["Pong", "Breakout", "SpaceInvaders", "Qbert", "Seaquest", "BeamRider", "MsPacman", "Enduro"]
CASES = [(f"{game}-v5", {}, 2000) for game in GAMES] + [
    ("Breakout-v5", {"episodic_life": True, "reward_clip": True}, 600),
    ("SpaceInvaders-v5", {"episodic_life": True, "max_episode_steps": 150}, 600),
    ("Seaquest-v5", {"full_action_space": True, "noop_max": 1, "use_fire_reset": False}, 200),
    ("Pong-v5", {"frame_skip": 1, "stack_num": 1}, 200),
    ("Pong-v5", {"frame_skip": 2, "stack_num": 3, "noop_max": 200}, 200),
    ("Qbert-v5", {"frame_skip": 3, "gray_scale": False}, 300),
    ("Enduro-v5", {"repeat_action_probability": 0.25}, 400),
    ("Breakout-v5", {"repeat_action_probability": 0.5, "episodic_life": True}, 400),
    ("BeamRider-v5", {"img_height": 64, "img_width": 64}, 60),
    ("BeamRider-v5", {"img_height": 105, "img_width": 80}, 60),
    ("BeamRider-v5", {"img_height": 42, "img_width": 32}, 60),
    ("BeamRider-v5", {"img_height": 100, "img_width": 75}, 60),
    ("BeamRider-v5", {"img_height": 210, "img_width": 160}, 60),
    ("MsPacman-v5", {"mode": 2}, 100),
    ("SpaceInvaders-v5", {"mode": 3, "difficulty": 1}, 100),
    ("Adventure-v5", {}, 200),
    ("AirRaid-v5", {}, 200),
]
MASK = (1 << 64) - 1


def digest(array):
    data = numpy.ascontiguousarray(array).view(numpy.uint8).reshape(-1)
    data = numpy.pad(data, (0, -len(data) % 8))
    words = data.view("<u8")
    index = numpy.arange(len(words), dtype=numpy.uint64)
    odd = (index * numpy.uint64(2) + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15) | numpy.uint64(1)
    return int((words * odd).sum(dtype=numpy.uint64))


class Chain:
    def __init__(self):
        self.value = 0xCBF29CE484222325

    def add(self, array):
        self.value = ((self.value ^ digest(array)) * 0x100000001B3) & MASK
        return self

    def __str__(self):
        return f"{self.value:016x}"


def play(name, options, steps):
    pool = envpool.make_gymnasium(name, num_envs=COUNT, seed=SEED, **options)
    actions = int(pool.action_space.n)
    chains = {"observation": Chain(), "ram": Chain(), "numbers": Chain()}
    marks = {key: [] for key in chains}
    total = 0.0
    every = 100 if steps > 600 else 20
    state = 7

    def add(observation, reward, terminated, truncated, info):
        chains["observation"].add(observation)
        chains["ram"].add(info["ram"])
        columns = [
            reward, info["reward"], info["lives"], info["terminated"], terminated, truncated, info["elapsed_step"]
        ]
        numbers = numpy.stack([numpy.asarray(column).astype(numpy.int64) for column in columns], axis=1)
        chains["numbers"].add(numbers)

    observation, info = pool.reset()
    none = numpy.zeros(COUNT)
    add(observation, none, none, none, info)
    ends = 0
    for step in range(1, steps + 1):
        chosen = []
        for _ in range(COUNT):
            state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
            chosen.append((state >> 16) % actions)
        result = pool.step(numpy.array(chosen, dtype=numpy.int32))
        add(*result)
        total += float(result[4]["reward"].sum())
        ends += int((result[2] | result[3]).sum())
        if step % every == 0:
            for key in chains:
                marks[key].append(str(chains[key]))
    shape = list(observation.shape[1:])
    return {
        "id": name, "options": options, "steps": steps, "every": every, "actions": actions, "shape": shape,
        "reward": total, "ends": ends, **marks,
    }


if __name__ == "__main__":
    cases = [play(*case) for case in CASES]
    json.dump({"seed": SEED, "count": COUNT, "cases": cases}, sys.stdout)
