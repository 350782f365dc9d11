"""Times one batch of environment steps of a peer for each request; see PeerProcess.

A case is "ENGINE ID ENVIRONMENTS BATCH THREADS". Engines: envpool, gymnasium, subprocess (Gymnasium's, a process for each
environment, whose processor time isn't seen), ale (ALE's own vectorizer), mujoco
(MuJoCo's rollout, physics only), ludus (this package from Python, with the generator that the Swift side has). Seconds
are of one environment step.
"""
import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import numpy

GAMES = {"Pong-v5": "pong", "Breakout-v5": "breakout"}
MODELS = {"HalfCheetah": "half_cheetah", "Ant": "ant", "Humanoid": "humanoid", "Hopper": "hopper"}
GYMNASIUM = {"Taxi-v3": "Taxi-v4"}


def actions(space, count, kinds=16):
    random = numpy.random.default_rng(0)
    if hasattr(space, "n"):
        return [random.integers(0, int(space.n), size=count) for _ in range(kinds)]
    low = numpy.asarray(space.low).reshape(-1)[-space.shape[-1] :]
    high = numpy.asarray(space.high).reshape(-1)[-space.shape[-1] :]
    return [random.uniform(low, high, size=(count, low.size)).astype(space.dtype) for _ in range(kinds)]


def pool(module, name, count, batch, threads, **options):
    """EnvPool, and this package under EnvPool's names."""
    environments = module.make_gymnasium(
        name, num_envs=count, batch_size=batch, num_threads=threads, seed=1, **options)
    space = environments.action_space
    if batch == count:
        environments.reset()
        choices = [a.astype(space.dtype) for a in actions(space, count)]
        return lambda i: environments.step(choices[i & 15]), count
    environments.async_reset()
    choices = [a.astype(space.dtype) for a in actions(space, batch)]

    def turn(i):
        info = environments.recv()[4]
        environments.send(choices[i & 15], info["env_id"])

    return turn, batch


def gymnasium_vector(name, count, mode="sync"):
    import gymnasium

    wrappers = []
    options = {}
    if name in GAMES:
        import ale_py
        from gymnasium.wrappers import AtariPreprocessing, FrameStackObservation

        gymnasium.register_envs(ale_py)
        wrappers = [AtariPreprocessing, lambda e: FrameStackObservation(e, 4)]
        options = {"frameskip": 1, "repeat_action_probability": 0.0}
        name = "ALE/" + name
    environments = gymnasium.make_vec(
        GYMNASIUM.get(name, name), num_envs=count, vectorization_mode=mode, wrappers=wrappers, **options
    )
    environments.reset(seed=1)
    space = environments.single_action_space
    choices = [a.astype(space.dtype) for a in actions(space, count)]
    return lambda i: environments.step(choices[i & 15]), count


def ale_vector(name, count, threads):
    from ale_py.vector_env import AtariVectorEnv

    environments = AtariVectorEnv(
        GAMES[name], num_envs=count, num_threads=threads, noop_max=30, repeat_action_probability=0.0
    )
    environments.reset(seed=1)
    choices = [a.astype(numpy.int64) for a in actions(environments.single_action_space, count)]
    return lambda i: environments.step(choices[i & 15]), count


def mujoco_rollout(name, count, threads, steps=100):
    """Physics alone, without observations, rewards and resets."""
    import gymnasium
    import mujoco
    from mujoco import rollout

    family = name.split("-")[0]
    skip = 4 if family == "Hopper" else 5
    folder = os.path.join(os.path.dirname(gymnasium.__file__), "envs/mujoco/assets")
    model = mujoco.MjModel.from_xml_path(os.path.join(folder, MODELS[family] + ".xml"))
    datas = [mujoco.MjData(model) for _ in range(threads)]
    random = numpy.random.default_rng(0)
    size = mujoco.mj_stateSize(model, mujoco.mjtState.mjSTATE_FULLPHYSICS)
    first = numpy.zeros((count, size))
    data = mujoco.MjData(model)
    for index in range(count):
        mujoco.mj_resetData(model, data)
        data.qpos[:] += random.uniform(-0.1, 0.1, model.nq)
        data.qvel[:] = random.normal(size=model.nv) * 0.1
        mujoco.mj_getState(model, data, first[index], mujoco.mjtState.mjSTATE_FULLPHYSICS)
    low, high = model.actuator_ctrlrange.T
    control = numpy.repeat(random.uniform(low, high, size=(count, steps // skip, model.nu)), skip, axis=1)
    runner = rollout.Rollout(nthread=threads if threads > 1 else 0)
    state = [first]

    def turn(i):
        states, _ = runner.rollout([model] * count, datas if threads > 1 else datas[0], state[0], control)
        state[0] = first if i % 10 == 9 else numpy.ascontiguousarray(states[:, -1])

    return turn, count * steps // skip


def make(case):
    engine, name, count, batch, threads = case.split()
    count, batch, threads = int(count), int(batch), int(threads)
    if engine == "envpool":
        import envpool

        return pool(envpool, name, count, batch, threads)
    if engine == "ludus":
        sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Python"))
        import ludus

        return pool(ludus, name, count, batch, threads, generator="fast")
    if engine == "gymnasium":
        return gymnasium_vector(name, count)
    if engine == "subprocess":
        return gymnasium_vector(name, count, "async")
    if engine == "ale":
        return ale_vector(name, count, threads)
    return mujoco_rollout(name, count, threads)


def measure(turn, steps, seconds):
    """Processor and wall seconds of one environment step: the least of three measurements, after a warm-up."""
    start = time.perf_counter()
    i = 0
    while time.perf_counter() - start < seconds / 2:
        turn(i)
        i += 1
    best = (float("inf"), float("inf"))
    for _ in range(3):
        calls = 0
        start, cpu = time.perf_counter(), time.process_time()
        while True:
            for _ in range(4):
                turn(i)
                i += 1
            calls += 4
            wall = time.perf_counter() - start
            if wall > seconds:
                break
        cpu = time.process_time() - cpu
        best = (min(best[0], cpu / (calls * steps)), min(best[1], wall / (calls * steps)))
    return best


# Libraries that print go to stderr; stdout is for replies.
replies = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
print("ready", file=replies, flush=True)
made = (None, None)
for line in sys.stdin:
    request = json.loads(line)
    try:
        # One pool at a time, so that no idle threads spin beside the one that is measured.
        if made[0] != request["case"]:
            made = (None, None)
            made = (request["case"], make(request["case"]))
        cpu, wall = measure(*made[1], request["seconds"])
        print(json.dumps({"seconds": cpu, "wall": wall}), file=replies, flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=replies, flush=True)
