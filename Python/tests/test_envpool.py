"""EnvPool's interface: the same results as EnvPool where it is installed, its names and its shapes."""

import unittest
import warnings

import numpy as np

from support import envpool, gymnasium, ludus, needs_dm, needs_envpool, needs_gymnasium

# Ids of both.
TASKS = ["CartPole-v1", "Pendulum-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1", "FrozenLake-v1",
         "FrozenLake8x8-v1", "Taxi-v3", "CliffWalking-v1", "Blackjack-v1", "Catch-v0", "NChain-v0"]
# float32 observations of states that agree to 1e-12 a step.
TOLERANCE = 2e-5
# Where EnvPool departs from Gymnasium, and we don't: CliffWalking has no limit there; Pendulum moves on with the velocity
# before it is cut to [-8, 8], so that only the steps before that are equal; Blackjack reports an ace that no longer
# counts 11 as one that does.
STEPS = {"Pendulum-v1": 8}
LIMITS = {"CliffWalking-v1": None}
COLUMNS = {"Blackjack-v1": 2}


def plan(space, count, steps, seed=0):
    """`[T, N, *action]`, random actions."""
    space.seed(seed)
    sample = np.stack([np.stack([np.asarray(space.sample()) for _ in range(count)]) for _ in range(steps)])
    return sample.astype(np.int32) if sample.dtype == np.int64 else sample


@needs_gymnasium
@needs_envpool
class Equality(unittest.TestCase):
    def test_trajectories_from_the_seed(self):
        for task in TASKS:
            with self.subTest(task), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                options = {"num_envs": 6, "seed": 17}
                if LIMITS.get(task, 40):
                    options["max_episode_steps"] = 40
                theirs = envpool.make(task, env_type="gymnasium", **options)
                ours = ludus.make(task, env_type="gymnasium", **options)
                self.same(ours.reset(), theirs.reset(), f"{task} reset")
                columns = COLUMNS.get(task)
                for step, action in enumerate(plan(theirs.action_space, 6, STEPS.get(task, 200))):
                    self.same(ours.step(action), theirs.step(action), f"{task} step {step}", columns)
                ours.close()

    def same(self, mine, other, where, columns=None):
        self.assertEqual(len(mine), len(other))
        first, second = mine[0].reshape(other[0].shape), other[0]
        if columns is not None:
            first, second = first[:, :columns], second[:, :columns]
        np.testing.assert_allclose(
            first, second, atol=TOLERANCE, rtol=TOLERANCE, err_msg=where)
        for column in range(1, len(mine) - 1):
            self.assertEqual(mine[column].dtype, other[column].dtype)
            np.testing.assert_allclose(
                mine[column], other[column], rtol=1e-5 if column == 1 else 0, atol=1e-5 if column == 1 else 0,
                err_msg=where)
        for name in ("env_id", "elapsed_step"):
            np.testing.assert_array_equal(mine[-1][name], other[-1][name], where)
            self.assertEqual(mine[-1][name].dtype, other[-1][name].dtype)
        np.testing.assert_array_equal(mine[-1]["players"]["env_id"], other[-1]["players"]["env_id"])

    def test_seed_lists_and_single_resets(self):
        options = {"num_envs": 3, "seed": [9, 2, 9]}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs, ours = envpool.make_gymnasium("CartPole-v1", **options), ludus.make_gymnasium("CartPole-v1", **options)
        self.same(ours.reset(), theirs.reset(), "reset")
        action = np.array([1, 0, 1], np.int32)
        self.same(ours.step(action), theirs.step(action), "step")
        mask = {"reset_mask": np.array([True, False, True])}
        self.same(ours.reset(options=mask), theirs.reset(options=mask), "masked reset")
        order = np.array([2, 0, 1], np.int32)
        self.same(ours.step(action, order), theirs.step(action, order), "in another order")

    @needs_dm
    def test_time_steps(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            options = {"num_envs": 3, "seed": 5, "max_episode_steps": 12}
            theirs, ours = envpool.make_dm("CartPole-v1", **options), ludus.make_dm("CartPole-v1", **options)
        pairs = [(ours.reset(), theirs.reset())]
        for _ in range(40):
            action = np.zeros(3, np.int32)
            pairs.append((ours.step(action), theirs.step(action)))
        for mine, other in pairs:
            np.testing.assert_array_equal(mine.step_type, other.step_type)
            np.testing.assert_array_equal(mine.discount, other.discount)
            np.testing.assert_array_equal(mine.reward, other.reward)
            np.testing.assert_allclose(mine.observation.obs, other.observation.obs, atol=TOLERANCE)
            np.testing.assert_array_equal(mine.observation.players.env_id, other.observation.players.env_id)
            self.assertEqual(mine.observation._fields, other.observation._fields)
        self.assertEqual(ours.action_spec().num_values, theirs.action_spec().num_values)
        self.assertEqual(ours.observation_spec()._fields, theirs.observation_spec()._fields)


@needs_gymnasium
class Interface(unittest.TestCase):
    def test_asynchronous_loop(self):
        env = ludus.make("CartPole-v1", num_envs=10, batch_size=4, num_threads=2, seed=1)
        self.assertTrue(env.is_async)
        env.async_reset()
        seen = set()
        for _ in range(100):
            observation, reward, terminated, truncated, info = env.recv()
            self.assertEqual((observation.shape, reward.shape), ((4, 4), (4,)))
            seen |= set(info["env_id"].tolist())
            env.send(np.zeros(4, np.int32), info["env_id"])
        self.assertEqual(seen, set(range(10)))
        env.close()

    def test_asynchronous_loop_on_a_whole_pool(self):
        env = ludus.make("CartPole-v1", num_envs=3, seed=1)
        env.async_reset()
        for _ in range(20):
            info = env.recv()[-1]
            env.send({"action": np.zeros(3, np.int32), "env_id": info["env_id"]})
        env.recv()
        with self.assertRaisesRegex(RuntimeError, "nothing was sent"):
            env.recv()
        env.close()

    def test_order_of_actions(self):
        one, other = (ludus.make("CartPole-v1", num_envs=4, seed=3) for _ in range(2))
        one.reset()
        other.reset()
        order = np.array([2, 0, 3, 1])
        action = np.array([0, 1, 1, 0])
        mine = one.step(action, order)
        straight = np.empty(4, int)
        straight[order] = action
        theirs = other.step(straight)
        for column in range(4):
            np.testing.assert_array_equal(mine[column], theirs[column][order])
        np.testing.assert_array_equal(mine[4]["env_id"], order)

    def test_what_scripts_use(self):
        env = ludus.make("CartPole-v1", env_type="gym", num_envs=2)
        env.num_envs = 2
        env.single_action_space = env.action_space
        self.assertEqual(env.action_space.n, 2)
        self.assertEqual(len(env), 2)
        self.assertEqual(env.config["num_envs"], 2)
        self.assertEqual(env.spec.config.max_episode_steps, 500)
        self.assertEqual(env.spec.reward_threshold, 475)
        self.assertIn("CartPole-v1", repr(env))
        np.testing.assert_array_equal(env.all_env_ids, [0, 1])
        self.assertIn("CartPole-v1", ludus.list_all_envs())
        spec = ludus.make_spec("FrozenLake-v1", max_episode_steps=7)
        self.assertEqual((spec.observation_space.n, spec.config.max_episode_steps), (16, 7))
        self.assertIn("obs", spec.state_array_spec)
        self.assertEqual(spec.action_array_spec["action"].maximum, 3)
        first = env.reset()[0]
        np.testing.assert_array_equal(env.reset(seed=42)[0], first)
        env.seed(42)
        np.testing.assert_array_equal(env.reset()[0], first)
        state = env.snapshot(0)
        row = env.step(np.array([1, 1]))[0][0]
        env.restore(1, state)
        np.testing.assert_array_equal(env.step(np.array([1, 1]))[0][1], row)
        env.close()

    def test_wrappers_of_scripts(self):
        class Statistics(gymnasium.Wrapper):
            """Counts returns as training scripts do."""

            def __init__(self, env):
                super().__init__(env)
                self.returns = np.zeros(env.unwrapped.num_envs)

            def step(self, action):
                observation, reward, terminated, truncated, info = super().step(action)
                self.returns = (self.returns + reward) * (1 - (terminated | truncated))
                return observation, reward, terminated, truncated, info

        env = Statistics(ludus.make("CartPole-v1", env_type="gym", num_envs=2))
        env.reset()
        for _ in range(5):
            env.step(np.array([0, 1]))
        np.testing.assert_array_equal(env.returns, [5, 5])
        env.close()

    def test_an_end_that_is_also_cut_off(self):
        for copy in (True, False):
            for batch in (1, 2):
                env = ludus.make("CartPole-v1", num_envs=2, batch_size=batch, seed=1, max_episode_steps=10, copy=copy)
                env.async_reset()
                both = 0
                for _ in range(60):
                    _, _, terminated, truncated, info = env.recv()
                    both += truncated.sum()
                    self.assertFalse((terminated & truncated).any())
                    env.send(np.ones(batch, np.int64), info["env_id"])
                self.assertGreater(both, 0)
                env.close()

    def test_views_without_copies(self):
        env, other = (ludus.make("CartPole-v1", num_envs=3, seed=1, copy=copy) for copy in (False, True))
        np.testing.assert_array_equal(env.reset()[0], other.reset()[0])
        first, second = env.step([0, 1, 0]), env.step([0, 1, 0])
        self.assertIsNot(first[0], second[0])
        self.assertIs(env.step([0, 1, 0])[0], first[0])
        for _ in range(3):
            expected = other.step([0, 1, 0])
        np.testing.assert_array_equal(first[0], expected[0])
        np.testing.assert_array_equal(first[4]["elapsed_step"], expected[4]["elapsed_step"])
        env.close()

    def test_results_last_as_long_as_they_are_kept(self):
        def run(keep, **options):
            pool = ludus.make_gymnasium("FrozenLake-v1", num_envs=3, seed=5, **options)
            pool.reset()
            kept = []
            for step in range(60):
                observations, rewards, terminated, truncated, info = pool.step(np.array([1, 2, step % 4]))
                arrays = [observations, rewards, terminated, truncated, info["elapsed_step"], info["prob"]]
                kept.append(keep(step, arrays))
            return [array for arrays in kept for array in arrays]

        everything = run(lambda _, arrays: [array.copy() for array in arrays], copy=False)
        for first in range(3):
            for name, keep in {
                "all": lambda _, arrays: arrays,
                "some": lambda step, arrays: arrays if step % 5 == first else [array.copy() for array in arrays],
                "parts": lambda step, arrays: [
                    array[:] if (step + place) % 3 == first else array.copy() for place, array in enumerate(arrays)],
            }.items():
                for one, other in zip(run(keep), everything, strict=True):
                    np.testing.assert_array_equal(one, other, name)

    def test_results_are_the_callers(self):
        pool = ludus.make_gymnasium("CartPole-v1", num_envs=4)
        pool.reset()
        for _ in range(20):
            observations, rewards, terminated, *_ = pool.step(np.zeros(4, np.int32))
            self.assertEqual((observations.shape, rewards.shape), ((4, 4), (4,)))
            self.assertTrue(observations.flags.c_contiguous and observations.flags.writeable)
            observations.shape, rewards.shape = (16,), (4, 1)
            terminated.flags.writeable = False
            rewards[...] = 7
        pool.close()
        np.testing.assert_array_equal(rewards, np.full((4, 1), 7, np.float32))

    def test_render(self):
        env = ludus.make("CartPole-v1", num_envs=3, render_mode="rgb_array")
        env.reset()
        self.assertEqual(env.render().shape[0], 1)
        self.assertEqual(env.render([0, 2]).shape[0], 2)
        env.close()
        with self.assertRaisesRegex(RuntimeError, "render_mode"):
            ludus.make("CartPole-v1").render()

    def test_errors(self):
        env = ludus.make("CartPole-v1", num_envs=3)
        env.reset()
        action = np.zeros(3, np.int32)
        for ids, kind in (([0, 1], ValueError), ([0, 1, 1], ValueError), ([0, 1, 3], ValueError), ([0.5, 1, 2], TypeError)):
            with self.subTest(ids), self.assertRaises(kind):
                env.step(action[: len(ids)], np.array(ids))
        with self.assertRaises(ValueError):
            env.reset(options={"other": 1})
        with self.assertRaises(ValueError):
            env.reset(np.array([0]), options={"reset_mask": np.array([True, False, False])})
        with self.assertRaises(ValueError):
            ludus.make("CartPole-v1", env_type="tensor")
        with self.assertRaises(ValueError):
            ludus.make("CartPole-v1", gym_reset_return_info=False)
        with self.assertRaises(ValueError):
            ludus.make("CartPole-v1", seed=[1], env_seed=[2])
        with self.assertRaises(RuntimeError):
            env.xla()
        env.close()
        with self.assertRaisesRegex(RuntimeError, "closed"):
            env.step(action)
        with self.assertRaisesRegex(RuntimeError, "closed"):
            env.recv()


if __name__ == "__main__":
    unittest.main()
