"""Atari games from Python, where the emulator is there; equal to EnvPool where that is installed."""

import unittest
import warnings

import numpy as np

from support import envpool, ludus, needs_envpool, needs_gymnasium


@needs_gymnasium
@unittest.skipUnless("Breakout-v5" in ludus.list_all_envs(), "the arcade emulator isn't set up")
class Atari(unittest.TestCase):
    def test_names_of_options(self):
        env = ludus.make(
            "Breakout-v5", num_envs=2, stack_num=2, frame_skip=2, img_height=40, img_width=50, gray_scale=True,
            episodic_life=True, reward_clip=True, noop_max=5, use_fire_reset=True, repeat_action_probability=0.25,
            full_action_space=True, mode=-1, difficulty=-1, max_episode_steps=50)
        observation, info = env.reset()
        self.assertEqual((observation.shape, observation.dtype), ((2, 2, 40, 50), np.uint8))
        self.assertEqual(env.action_space.n, 18)
        self.assertEqual(env.observation_space.shape, (2, 40, 50))
        for name in ("lives", "reward", "terminated", "ram"):
            self.assertIn(name, info)
        env.close()
        for bad in ({"img_height": -1}, {"stack_num": 0}, {"repeat_action_probability": 2.0}, {"mode": 999}):
            with self.subTest(bad), self.assertRaises(ValueError):
                ludus.make("Breakout-v5", **bad)

    @needs_envpool
    def test_equal_to_envpool(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            options = {"num_envs": 2, "seed": 3, "episodic_life": True, "reward_clip": True}
            theirs, ours = envpool.make_gymnasium("Breakout-v5", **options), ludus.make("Breakout-v5", **options)
        random = np.random.default_rng(0)
        pairs = [(ours.reset(), theirs.reset())]
        for _ in range(120):
            action = random.integers(0, 4, 2).astype(np.int32)
            mine, other = ours.step(action), theirs.step(action)
            for column in range(1, 4):
                np.testing.assert_array_equal(mine[column], other[column])
            pairs.append((mine, other))
        for mine, other in pairs:
            np.testing.assert_array_equal(mine[0], other[0])
            for name in ("lives", "reward", "terminated", "ram", "elapsed_step", "env_id"):
                np.testing.assert_array_equal(mine[-1][name], other[-1][name], name)
        ours.close()

    def test_asynchronous_threads(self):
        env = ludus.make("Pong-v5", num_envs=6, batch_size=2, num_threads=2, seed=1)
        env.async_reset()
        for _ in range(30):
            info = env.recv()[-1]
            env.send(np.zeros(2, np.int32), info["env_id"])
        env.close()


if __name__ == "__main__":
    unittest.main()
