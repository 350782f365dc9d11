"""Golden transitions of classic control and of resets. Needs gymnasium 1.4.0 and envpool 1.2.5 (see VERSIONS.json).

    python make_classic.py > classic.json

Transitions start at given float64 states of Gymnasium's environments. Resets are EnvPool's and Gymnasium's first
observations for given seeds.
"""
import json
import warnings

warnings.filterwarnings("ignore")
import envpool
import gymnasium
import numpy

TASKS = ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1", "Acrobot-v1"]
RANGES = {
    "CartPole-v1": [2.5, 3, 0.22, 3],
    "MountainCar-v0": [(-1.2, 0.6), 0.07],
    "MountainCarContinuous-v0": [(-1.2, 0.6), 0.07],
    "Pendulum-v1": [9, 8],
    "Acrobot-v1": [3.1, 3.1, 12, 28],
}


def start(ranges, random):
    bounds = [r if isinstance(r, tuple) else (-r, r) for r in ranges]
    return [float(random.uniform(low, high)) for low, high in bounds]


def action(space, random):
    if isinstance(space, gymnasium.spaces.Discrete):
        return int(random.integers(space.n))
    # A little beyond the bounds, where the reference clips.
    return [float(numpy.float32(1.2 * random.uniform(space.low[0], space.high[0])))]


def transitions(name):
    random = numpy.random.default_rng(7)
    environment = gymnasium.make(name).unwrapped
    rows = []
    for count in range(60):
        environment.reset(seed=1)
        if hasattr(environment, "steps_beyond_terminated"):
            environment.steps_beyond_terminated = None
        state = start(RANGES[name], random)
        # This one keeps its state in float32 from the first step on; both kinds of step are wanted.
        single = name == "MountainCarContinuous-v0" and count % 2
        if single:
            state = [float(numpy.float32(x)) for x in state]
        environment.state = numpy.array(state, dtype=numpy.float32 if single else numpy.float64)
        act = action(environment.action_space, random)
        given = numpy.array(act, dtype=numpy.float32) if isinstance(act, list) else act
        observation, reward, terminated, _, _ = environment.step(given)
        rows.append(
            {
                "state": state,
                "action": act if isinstance(act, list) else [act],
                "next": [float(x) for x in environment.state],
                "observation": [float(x) for x in observation],
                "reward": float(reward),
                "terminated": bool(terminated),
            }
        )
    return rows


def resets(name):
    pool = envpool.make_gymnasium(name, num_envs=3, seed=42)
    theirs = pool.reset()[0].tolist()
    environment = gymnasium.make(name)
    ours = [environment.reset(seed=seed)[0].tolist() for seed in (42, 43, 44)]
    return {"envpool": theirs, "gymnasium": ours}


print(json.dumps({name: {"transitions": transitions(name), "resets": resets(name)} for name in TASKS}))
