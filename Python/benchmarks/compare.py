"""Times steps from Python: this package beside EnvPool (if it is installed), one after the other, several rounds.

Prints a line for each setting (CPU microseconds per batch and per environment step, the best of all rounds) and a last
line of JSON. CPU time counts all threads of the process.

    python compare.py [--task CartPole-v1] [--rounds 5] [--seconds 0.3]
"""

import argparse
import json
import time

import numpy as np

import ludus

try:
    import envpool
except ImportError:
    envpool = None

# (environments, batch, threads) of EnvPool that are tried for each number of environments.
ENVPOOL_SETTINGS = {
    1: [(1, 1, 1)], 64: [(64, 64, 1), (64, 64, 2), (64, 16, 1), (64, 32, 1)],
    256: [(256, 256, 1), (256, 256, 2), (256, 64, 1), (256, 128, 1)],
}


def measure(step, seconds):
    """CPU seconds of a call, over about so many seconds."""
    count = 16
    while True:
        start, wall = time.process_time(), time.perf_counter()
        for _ in range(count):
            step()
        spent, wall = time.process_time() - start, time.perf_counter() - wall
        if wall > seconds / 2:
            return spent / count
        count *= max(2, int(seconds / max(wall, 1e-6) / 2))


def actions(space, count):
    return np.stack([np.asarray(space.sample()) for _ in range(count)])


def ours(task, count):
    """Our ways of stepping: name -> call."""
    pool = ludus.Pool(task, count)
    pool.reset()
    sample = actions(pool.specification.action.gymnasium(), count)
    calls = {"Pool.step": lambda: pool.step(sample)}
    pool.actions[...] = sample
    calls["Pool.advance"] = pool.advance
    views = ludus.make(task, num_envs=count, copy=False)
    views.reset()
    calls["EnvPool calls, copy=False"] = lambda: views.step(sample)
    copies = ludus.make(task, num_envs=count)
    copies.reset()
    calls["EnvPool calls"] = lambda: copies.step(sample)
    vector = ludus.GymnasiumVectorEnv(task, count)
    vector.reset(seed=0)
    calls["Gymnasium VectorEnv"] = lambda: vector.step(sample)
    same = ludus.GymnasiumVectorEnv(task, count, autoreset_mode="SameStep")
    same.reset(seed=0)
    calls["Gymnasium VectorEnv, same step"] = lambda: same.step(sample)
    return calls


def ours_in_part(task, count, batch):
    """Our asynchronous call, as EnvPool's."""
    pool = ludus.make(task, num_envs=count, batch_size=batch, num_threads=1)
    sample = actions(pool.action_space, batch)
    pool.async_reset()

    def step():
        info = pool.recv()[4]
        pool.send(sample, info["env_id"])

    return step


def theirs(task, setting):
    """EnvPool's call for a batch."""
    count, batch, threads = setting
    pool = envpool.make(task, env_type="gymnasium", num_envs=count, batch_size=batch, num_threads=threads)
    sample = actions(pool.action_space, batch)
    if sample.dtype == np.int64:
        sample = sample.astype(np.int32)
    if batch == count:
        pool.reset()
        return lambda: pool.step(sample)
    pool.async_reset()

    def step():
        info = pool.recv()[4]
        pool.send(sample, info["env_id"])

    return step


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", default="CartPole-v1")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.3)
    parser.add_argument("--envs", type=int, nargs="*", default=[1, 64, 256])
    arguments = parser.parse_args()
    rows = []
    for count in arguments.envs:
        calls: dict = {("ludus", name, count): call for name, call in ours(arguments.task, count).items()}
        if count >= 4:
            calls["ludus", f"EnvPool calls, batch {count // 4}", count // 4] = ours_in_part(
                arguments.task, count, count // 4)
        if envpool is not None:
            for setting in ENVPOOL_SETTINGS.get(count, [(count, count, 1)]):
                name = "envs {}, batch {}, threads {}".format(*setting)
                calls["envpool", name, setting[1]] = theirs(arguments.task, setting)
        best = dict.fromkeys(calls, float("inf"))
        for _ in range(arguments.rounds):
            for key, call in calls.items():
                best[key] = min(best[key], measure(call, arguments.seconds))
        peer = min((spent / key[2] for key, spent in best.items() if key[0] == "envpool"), default=None)
        for (library, name, batch), spent in best.items():
            row = {
                "task": arguments.task, "library": library, "setting": name, "envs": count, "batch": batch,
                "cpu_us_per_batch": spent * 1e6, "cpu_us_per_step": spent * 1e6 / batch}
            if peer is not None:
                row["ratio_to_best_envpool"] = peer * batch / spent
            rows.append(row)
            print(
                f"{arguments.task:12} {library:8} {count:5} {name:32} {spent * 1e6:9.2f} us/batch "
                f"{spent * 1e6 / batch:9.4f} us/step {row.get('ratio_to_best_envpool', 0):8.1f}x")
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
