"""Robots in MuJoCo from Python, where its library is there; equal to EnvPool where that is installed."""

import importlib.util
import unittest
import warnings

import numpy as np

from support import actions, envpool, gymnasium, ludus, needs_envpool, needs_gymnasium

TASKS = [task for task in ("HalfCheetah-v4", "Ant-v4", "Hopper-v4", "Walker2d-v4") if task in ludus.list_all_envs()]


@needs_gymnasium
@unittest.skipUnless(TASKS, "MuJoCo isn't set up")
class Robots(unittest.TestCase):
    @needs_envpool
    def test_equal_to_envpool_from_the_seed(self):
        for task in TASKS:
            with self.subTest(task), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                options = {"num_envs": 3, "seed": 4, "max_episode_steps": 50}
                theirs, ours = envpool.make_gymnasium(task, **options), ludus.make(task, **options)
                pairs = [(ours.reset(), theirs.reset())]
                for action in actions(ours.pool, np.random.default_rng(0), 80):
                    mine, other = ours.step(action), theirs.step(action)
                    for column in range(1, 4):
                        np.testing.assert_array_equal(mine[column], other[column])
                    pairs.append((mine, other))
                for mine, other in pairs:
                    self.assertEqual(mine[0].dtype, other[0].dtype)
                    np.testing.assert_array_equal(mine[0], other[0])
                ours.close()

    @unittest.skipUnless(importlib.util.find_spec("mujoco"), "MuJoCo for Python is not installed")
    def test_first_observations_of_a_seed_are_gymnasiums(self):
        # Gymnasium has Pusher-v4 for older versions of MuJoCo only.
        tasks = [task for task, family in ludus.library.library().tasks().items()
                 if family == "mujoco" and task != "Pusher-v4"]
        self.assertGreater(len(tasks), 20)
        for task in tasks:
            with self.subTest(task), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = gymnasium.make(task)
                ours = ludus.GymnasiumVectorEnv(task, 1)
                mine, other = ours.reset(seed=8)[0][0], theirs.reset(seed=8)[0]
                np.testing.assert_allclose(mine, other, rtol=1e-12, atol=1e-14)
                ours.close()
                theirs.close()

    def test_options(self):
        env = ludus.make(
            "HalfCheetah-v4", num_envs=1, frame_skip=2, ctrl_cost_weight=0.2, forward_reward_weight=2.0,
            reset_noise_scale=0.0, exclude_current_positions_from_observation=False)
        self.assertEqual(env.observation_space.shape, (18,))
        np.testing.assert_array_equal(env.reset()[0], 0)
        env.close()
        for bad, words in (
            ({"ctrl_cost_wait": 1}, "ctrlCostWait"), ({"xml_file": "nothing.xml"}, "nothing.xml"),
            ({"frame_skip": "two"}, "frameSkip"),
        ):
            with self.subTest(bad), self.assertRaisesRegex((ValueError, FileNotFoundError), words):
                ludus.make("HalfCheetah-v4", **bad)

    def test_actions_that_are_no_numbers(self):
        with ludus.Pool("HalfCheetah-v4", 2) as pool:
            pool.reset()
            with self.assertRaisesRegex(ValueError, "nan"):
                pool.step(np.array([[0.0] * 6, [np.nan] * 6]))
            self.assertTrue(np.isfinite(pool.step(np.zeros((2, 6), np.float32)).observations).all())


if __name__ == "__main__":
    unittest.main()
