"""Gymnasium's VectorEnv: equal to SyncVectorEnv, and fit for its wrappers."""

import unittest
import warnings

import numpy as np

from support import gymnasium, ludus, needs_gymnasium

# Tasks whose first observations Gymnasium's own generator decides.
TASKS = ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1", "Acrobot-v1", "FrozenLake-v1",
         "CliffWalking-v1"]
MODES = ["NextStep", "SameStep", "Disabled"]
# float32 observations of states that agree to 1e-12 a step.
TOLERANCE = 1e-5


def peer(task, count, mode, **options):
    """Gymnasium's own environments."""
    return gymnasium.vector.SyncVectorEnv(
        [lambda: gymnasium.make(task, **options) for _ in range(count)], autoreset_mode=mode)


@needs_gymnasium
class Equality(unittest.TestCase):
    def compare(self, task, mode, steps=250, limit=None):
        options = {} if limit is None else {"max_episode_steps": limit}
        ours = ludus.GymnasiumVectorEnv(task, 5, autoreset_mode=mode, **options)
        theirs = peer(task, 5, mode, **options)
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        theirs.action_space.seed(1)
        self.same(ours.reset(seed=11), theirs.reset(seed=11), "reset")
        endings = 0
        for step in range(steps):
            action = theirs.action_space.sample()
            mine, other = ours.step(action), theirs.step(action)
            self.same(mine, other, f"step {step}")
            ended = other[2] | other[3]
            endings += ended.sum()
            if mode == "Disabled" and ended.any():
                self.same(
                    ours.reset(options={"reset_mask": ended.copy()}),
                    theirs.reset(options={"reset_mask": ended.copy()}), f"masked reset {step}")
        return endings

    def same(self, mine, other, where):
        self.assertEqual(len(mine), len(other))
        np.testing.assert_allclose(mine[0], other[0], atol=TOLERANCE, err_msg=where)
        for column in range(1, len(mine) - 1):
            kind = {"atol": TOLERANCE} if column == 1 else {"atol": 0}
            np.testing.assert_allclose(mine[column], other[column], err_msg=where, **kind)
        self.same_infos(mine[-1], other[-1], where)

    def same_infos(self, mine, other, where):
        for name, value in other.items():
            self.assertIn(name, mine, where)
            if isinstance(value, dict):
                self.same_infos(mine[name], value, where)
            elif value.dtype == object:
                for row, item in enumerate(value):
                    if item is None:
                        self.assertIsNone(mine[name][row], where)
                    else:
                        np.testing.assert_allclose(mine[name][row], item, atol=TOLERANCE, err_msg=where)
            elif value.dtype.kind == "i" and mine[name].dtype.kind == "f":
                # SyncVectorEnv takes the type of the first row's number, so that 1/3 behind a 1 becomes 0.
                np.testing.assert_array_equal(mine[name].astype(int), value, f"{where}: {name}")
            else:
                np.testing.assert_allclose(mine[name], value, atol=1e-6, err_msg=f"{where}: {name}")

    def test_cart_pole_in_all_modes(self):
        for mode in MODES:
            with self.subTest(mode):
                self.assertGreater(self.compare("CartPole-v1", mode), 20)

    def test_all_tasks_in_all_modes(self):
        for task in TASKS:
            for mode in MODES:
                with self.subTest(task, mode=mode):
                    self.compare(task, mode, steps=80, limit=25)

    def test_spaces(self):
        for task in TASKS:
            with self.subTest(task), ludus_env(task, 3) as ours:
                theirs = peer(task, 3, "NextStep")
                for name in ("single_observation_space", "single_action_space", "observation_space", "action_space"):
                    self.assertEqual(getattr(ours, name), getattr(theirs, name), name)
                self.assertEqual(ours.metadata["autoreset_mode"], theirs.metadata["autoreset_mode"])
                theirs.close()


class ludus_env:
    """An environment that is closed in the end."""

    def __init__(self, task, count, **options):
        self.env = ludus.GymnasiumVectorEnv(task, count, **options)

    def __enter__(self):
        return self.env

    def __exit__(self, *_):
        self.env.close()


@needs_gymnasium
class Conformance(unittest.TestCase):
    def test_observations_lie_in_the_space(self):
        for task in TASKS:
            with self.subTest(task), ludus_env(task, 4) as env:
                self.assertIsInstance(env, gymnasium.vector.VectorEnv)
                observation, infos = env.reset(seed=2)
                self.assertIn(observation, env.observation_space)
                self.assertIsInstance(infos, dict)
                for _ in range(30):
                    observation, rewards, terminated, truncated, infos = env.step(env.action_space.sample())
                    self.assertIn(observation, env.observation_space)
                    self.assertEqual((rewards.shape, terminated.dtype, truncated.dtype), ((4,), bool, bool))
                    for name in infos:
                        self.assertTrue(name.startswith("_") or infos["_" + name].shape == (4,))

    def test_seeds(self):
        with ludus_env("CartPole-v1", 3) as env, ludus_env("CartPole-v1", 3) as other:
            self.assertTrue((env.reset()[0] != other.reset()[0]).any())
            np.testing.assert_array_equal(env.reset(seed=4)[0], other.reset(seed=[4, 5, 6])[0])
            self.assertEqual(env.np_random_seed, 4)
            with self.assertRaisesRegex(ValueError, "2 seeds"):
                env.reset(seed=[1, 2])

    def test_wrappers(self):
        wrappers = gymnasium.wrappers.vector
        env = ludus.GymnasiumVectorEnv("CartPole-v1", 4)
        env = wrappers.RecordEpisodeStatistics(wrappers.NormalizeObservation(wrappers.ClipReward(env, -1, 1)))
        env.reset(seed=0)
        episodes = 0
        for _ in range(200):
            infos = env.step(env.action_space.sample())[-1]
            episodes += infos["_episode"].sum() if "_episode" in infos else 0
        self.assertGreater(episodes, 10)
        env.close()

    def test_recorded_episodes_are_as_the_wrapper_counts(self):
        with ludus_env("CartPole-v1", 4, record_episodes=True) as env:
            other = gymnasium.wrappers.vector.RecordEpisodeStatistics(ludus.GymnasiumVectorEnv("CartPole-v1", 4))
            env.reset(seed=0)
            other.reset(seed=0)
            env.action_space.seed(0)
            for _ in range(200):
                action = env.action_space.sample()
                mine, theirs = env.step(action)[-1], other.step(action)[-1]
                self.assertEqual("episode" in mine, "episode" in theirs)
                if "episode" in mine:
                    np.testing.assert_array_equal(mine["_episode"], theirs["_episode"])
                    np.testing.assert_array_equal(mine["episode"]["r"], theirs["episode"]["r"])
                    np.testing.assert_array_equal(mine["episode"]["l"], theirs["episode"]["l"])
            other.close()

    def test_copies_and_views(self):
        with ludus_env("CartPole-v1", 2) as env:
            first = env.reset(seed=1)[0]
            kept = first.copy()
            for _ in range(5):
                env.step(np.array([0, 1]))
            np.testing.assert_array_equal(first, kept)
        with ludus_env("CartPole-v1", 2, copy=False) as env:
            first = env.reset(seed=1)[0]
            env.step(np.array([0, 1]))
            np.testing.assert_array_equal(first, kept)
            env.step(np.array([0, 1]))
            self.assertTrue((first != kept).any())

    def test_render(self):
        with ludus_env("CartPole-v1", 2, render_mode="rgb_array") as env:
            env.reset(seed=0)
            frames = env.render()
            self.assertEqual(len(frames), 2)
            self.assertEqual((frames[0].ndim, frames[0].dtype), (3, np.uint8))
        with ludus_env("CartPole-v1", 2) as env:
            self.assertIsNone(env.render())

    def test_errors(self):
        with ludus_env("CartPole-v1", 2, autoreset_mode="Disabled") as env:
            env.reset(seed=0)
            for bad, kind in (
                ([True, False], TypeError), (np.array([1, 0]), TypeError), (np.array([True]), ValueError),
                (np.array([False, False]), ValueError),
            ):
                with self.assertRaises(kind):
                    env.reset(options={"reset_mask": bad})
            with self.assertRaisesRegex(ValueError, "has ended"):
                for _ in range(500):
                    env.step(np.array([0, 0]))
        env.close()
        with self.assertRaisesRegex(RuntimeError, "closed"):
            env.step(np.array([0, 0]))
        with self.assertRaises(ValueError):
            ludus.GymnasiumVectorEnv("CartPole-v1", 2, autoreset_mode="Sometimes")
        with self.assertRaises(ValueError):
            ludus.GymnasiumVectorEnv("CartPole-v1", 2, render_mode="human")

    def test_no_warnings(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with ludus_env("CartPole-v1", 2) as env:
                env.reset(seed=0)
                env.step(env.action_space.sample())


if __name__ == "__main__":
    unittest.main()
