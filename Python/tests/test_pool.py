"""The pool: results, batches in part, snapshots, rollouts, memory, errors."""

import gc
import threading
import unittest

import numpy as np

from support import LIGHT, actions, ludus


class Stepping(unittest.TestCase):
    def test_every_task_steps(self):
        for task in LIGHT:
            with self.subTest(task), ludus.Pool(task, 5, seed=3) as pool:
                first = pool.reset().copy()
                self.assertEqual(first.observations.shape, (5, *pool.specification.observation.shape))
                self.assertEqual(first.observations.dtype, pool.specification.observation.dtype)
                for action in actions(pool, np.random.default_rng(0), 300):
                    batch = pool.step(action)
                    self.assertTrue(np.isfinite(batch.observations).all())
                np.testing.assert_array_equal(batch.environments, np.arange(5))
                again = pool.reset(seed=3)
                np.testing.assert_array_equal(again.observations, first.observations)

    def test_threads_and_order_change_nothing(self):
        results = []
        for threads in (1, 3):
            with ludus.Pool("Acrobot-v1", 600, num_threads=threads, seed=1) as pool:
                pool.reset()
                sums = [pool.step(action).observations.copy() for action in actions(pool, np.random.default_rng(1), 60)]
                results.append(np.array(sums))
        np.testing.assert_array_equal(*results)

    def test_seeds_for_each_environment(self):
        with ludus.Pool("CartPole-v1", 3, seed=[7, 8, 7]) as pool:
            rows = pool.reset().observations.copy()
            np.testing.assert_array_equal(rows[0], rows[2])
            self.assertTrue((rows[0] != rows[1]).any())
            again = pool.reset(seed=[None, 7, None]).observations
            np.testing.assert_array_equal(again[1], rows[0])
            self.assertTrue((again[0] != rows[0]).any())

    def test_written_actions(self):
        with ludus.Pool("CartPole-v1", 4) as one, ludus.Pool("CartPole-v1", 4) as other:
            one.reset()
            other.reset()
            other.actions[...] = [0, 1, 1, 0]
            np.testing.assert_array_equal(one.step([0, 1, 1, 0]).observations, other.advance().observations)

    def test_masked_reset_keeps_other_rows(self):
        with ludus.Pool("CartPole-v1", 4, autoreset="disabled") as pool:
            pool.reset()
            before = pool.step(np.array([0, 1, 0, 1])).copy()
            after = pool.reset(mask=np.array([True, False, False, True]))
            np.testing.assert_array_equal(after.observations[1:3], before.observations[1:3])
            self.assertTrue((after.observations[0] != before.observations[0]).any())
            np.testing.assert_array_equal(after.elapsed_steps, [0, 1, 1, 0])

    def test_a_refused_step_moves_nothing(self):
        with ludus.Pool("CartPole-v1", 2, autoreset="disabled") as pool:
            pool.reset()
            before = pool.step(np.array([0, 1])).copy()
            for _ in range(3):
                with self.assertRaises(ValueError):
                    pool.step(np.array([0, 5]))
            after = pool.reset(mask=np.array([True, False]))
            np.testing.assert_array_equal(after.observations[1], before.observations[1])

    def test_task_options(self):
        with ludus.Pool("CartPole-v1", 1, uses_sutton_barto_reward=True) as pool:
            pool.reset()
            self.assertEqual(pool.step([0]).rewards[0], 0)
        with ludus.Pool("Catch-v0", 2, height=4, width=3) as pool:
            self.assertEqual(pool.reset().observations.shape[0], 2)
            self.assertEqual(int(np.prod(pool.specification.observation.shape)), 12)
        with ludus.Pool("CartPole-v1", 1, max_episode_steps=3) as pool:
            pool.reset()
            flags = [bool(pool.step([step % 2]).truncated[0]) for step in range(3)]
            self.assertEqual(flags, [False, False, True])


class Asynchronous(unittest.TestCase):
    def test_every_environment_once_a_window(self):
        for threads in (1, 2):
            with self.subTest(threads), ludus.Pool("CartPole-v1", 12, batch_size=4, num_threads=threads) as pool:
                pool.start()
                trajectories = {index: [] for index in range(12)}
                counts = np.zeros(12, int)
                for _ in range(300):
                    batch = pool.receive()
                    self.assertEqual(len(set(batch.environments.tolist())), 4)
                    for row, index in enumerate(batch.environments):
                        trajectories[index].append(batch.observations[row].copy())
                        counts[index] += 1
                    pool.send(batch.environments % 2, batch.environments)
                self.assertEqual(counts.sum(), 1200)
                self.assertGreater(counts.min(), 0)
                with ludus.Pool("CartPole-v1", 12) as whole:
                    row = whole.reset()
                    for step in range(counts.min()):
                        for index in range(12):
                            np.testing.assert_array_equal(trajectories[index][step], row.observations[index])
                        row = whole.step(np.arange(12) % 2)

    def test_misuse(self):
        with ludus.Pool("CartPole-v1", 4, batch_size=2) as pool:
            with self.assertRaisesRegex(RuntimeError, "under way"):
                pool.receive()
            with self.assertRaisesRegex(ValueError, "never started"):
                pool.send([0, 1], [0, 1])
            pool.start([0, 1])
            with self.assertRaisesRegex(ValueError, "under way already"):
                pool.start([1])
            with self.assertRaisesRegex(ValueError, "under way"):
                pool.snapshot(0)
            self.assertEqual(sorted(pool.receive().environments.tolist()), [0, 1])
            with self.assertRaisesRegex(ValueError, "0 to 3"):
                pool.send([0, 1], [0, 9])
            with self.assertRaises(ValueError):
                pool.send([0, 5], [0, 1])
            pool.send([0, 1], [0, 1])
            pool.receive()
            with self.assertRaisesRegex(RuntimeError, "asynchronous"):
                pool.reset()
            with self.assertRaisesRegex(RuntimeError, "send and receive"):
                pool.step([0, 1, 0, 1])


class SnapshotsAndRollouts(unittest.TestCase):
    def test_replay_from_a_snapshot(self):
        for task in LIGHT:
            for generator in ("fast", "envpool", "gymnasium"):
                with self.subTest(task, generator=generator), ludus.Pool(task, 2, generator=generator) as pool:
                    pool.reset()
                    plan = actions(pool, np.random.default_rng(2), 80)
                    for action in plan[:20]:
                        pool.step(action)
                    kept = pool.snapshot(1)
                    first = [pool.step(action).observations[1].copy() for action in plan[20:]]
                    pool.restore(0, kept)
                    second = [pool.step(action[[1, 0]]).observations[0].copy() for action in plan[20:]]
                    np.testing.assert_array_equal(first, second)

    def test_bad_snapshots(self):
        with ludus.Pool("CartPole-v1", 1) as pool, ludus.Pool("Pendulum-v1", 1) as other:
            pool.reset()
            other.reset()
            for bad in (b"", b"{}", b"\xff\x00", other.snapshot(0), pool.snapshot(0)[:-20]):
                with self.assertRaisesRegex(ValueError, "snapshot"):
                    pool.restore(0, bad)
            for index in (-1, 1):
                with self.assertRaises(ValueError):
                    pool.snapshot(index)
            pool.step([0])

    def test_rollout_holds_what_steps_give(self):
        with ludus.Pool("CartPole-v1", 8) as pool, ludus.Pool("CartPole-v1", 8) as bound:
            pool.reset()
            bound.reset()
            plan = actions(pool, np.random.default_rng(3), 50)
            given = np.zeros((50, 8, 4), np.float32)
            rollout = ludus.Rollout(bound, 50, observations=given)
            for time, action in enumerate(plan):
                batch = pool.step(action)
                other = rollout.step(time, action)
                np.testing.assert_array_equal(given[time], batch.observations)
                np.testing.assert_array_equal(rollout.rewards[time], batch.rewards)
                np.testing.assert_array_equal(rollout.terminated[time], batch.terminated)
                np.testing.assert_array_equal(rollout.truncated[time], batch.truncated)
                np.testing.assert_array_equal(other.elapsed_steps, batch.elapsed_steps)
            masked = bound.reset(mask=np.arange(8) == 0)
            np.testing.assert_array_equal(masked.observations[1:], given[-1][1:])

    def test_rollouts_that_do_not_fit(self):
        with ludus.Pool("CartPole-v1", 2) as pool:
            with self.assertRaisesRegex(ValueError, "shape"):
                ludus.Rollout(pool, 3, observations=np.zeros((3, 2, 5), np.float32))
            with self.assertRaisesRegex(TypeError, "float64"):
                ludus.Rollout(pool, 3, rewards=np.zeros((3, 2)))
            with self.assertRaisesRegex(ValueError, "contiguous"):
                ludus.Rollout(pool, 3, observations=np.zeros((4, 2, 3), np.float32).T)
            with self.assertRaisesRegex(RuntimeError, "never reset"):
                ludus.Rollout(pool, 3).step(0, [0, 1])


class Lifetime(unittest.TestCase):
    def test_memory_outlives_the_pool(self):
        pool = ludus.Pool("CartPole-v1", 64)
        view = pool.reset().observations
        kept = view.copy()
        pool.close()
        del pool
        gc.collect()
        for _ in range(20):
            ludus.Pool("CartPole-v1", 64, seed=99).reset()
        np.testing.assert_array_equal(view, kept)

    def test_closed_pools_say_so(self):
        pool = ludus.Pool("CartPole-v1", 2)
        pool.reset()
        pool.close()
        pool.close()
        for call in (
            pool.reset, lambda: pool.step(np.array([0, 1])), pool.advance, lambda: pool.snapshot(0), pool.picture,
            pool.receive, pool.start, lambda: pool.send([0], [0]), lambda: pool.restore(0, b"{}"),
            lambda: pool.actions, lambda: pool.reset(mask=np.array([True, True])),
        ):
            with self.assertRaisesRegex(RuntimeError, "closed"):
                call()

    def test_handles_are_checked(self):
        library = ludus.library.library()
        for handle in (0, -1, 1, 1 << 40, (1 << 63) - 1, -(1 << 63)):
            self.assertEqual(library.calls.step(handle), -9)
            self.assertEqual(library.calls.close(handle), -9)
            self.assertFalse(library.calls.describe(handle))

    def test_many_pools_come_and_go(self):
        for _ in range(2000):
            ludus.Pool("CartPole-v1", 1).reset()
        with ludus.Pool("CartPole-v1", 1) as pool:
            self.assertEqual(len(pool.reset()), 1)

    def test_two_threads_in_one_pool(self):
        pool = ludus.Pool("Acrobot-v1", 5000, num_threads=1)
        pool.reset()
        plan = np.zeros(5000, np.int64)
        errors = []

        def work():
            for _ in range(50):
                try:
                    pool.step(plan)
                except RuntimeError as error:
                    errors.append(str(error))

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertTrue(all("another thread" in error for error in errors))
        pool.step(plan)

    def test_arrays_are_shared_by_dlpack(self):
        with ludus.Pool("CartPole-v1", 3) as pool:
            batch = pool.reset()
            shared = np.from_dlpack(batch.observations)
            self.assertEqual(shared.__array_interface__["data"], batch.observations.__array_interface__["data"])


class Errors(unittest.TestCase):
    def test_bad_arguments(self):
        cases = [
            (ValueError, "did you mean CartPole-v1", dict(task_id="Cartpole-v1")),
            (ValueError, "no task", dict(task_id="")),
            (ValueError, "batch_size is 5", dict(num_envs=4, batch_size=5)),
            (ValueError, "num_envs is 0", dict(num_envs=0)),
            (ValueError, "num_envs is -3", dict(num_envs=-3)),
            (TypeError, "whole number", dict(num_envs=2.5)),
            (TypeError, "whole number", dict(seed=1.5)),
            (ValueError, "3 seeds", dict(num_envs=2, seed=[1, 2, 3])),
            (ValueError, "usesSuttonBartoReward", dict(uses_sutton_reward=True)),
            (ValueError, "true or false", dict(uses_sutton_barto_reward=2)),
            (ValueError, "generator", dict(generator="mt")),
            (ValueError, "autoreset", dict(autoreset="never")),
            (ValueError, "at least 1", dict(max_episode_steps=0)),
            (ValueError, "num_threads", dict(num_threads=-1)),
            (ValueError, "1024", dict(num_threads=5000)),
            (ValueError, "resets by itself", dict(num_envs=4, batch_size=2, autoreset="disabled")),
            (TypeError, "options are", dict(gravity=object())),
        ]
        for kind, words, arguments in cases:
            with self.subTest(words), self.assertRaisesRegex(kind, words):
                ludus.Pool(**{"task_id": "CartPole-v1", **arguments})

    def test_bad_actions(self):
        with ludus.Pool("CartPole-v1", 2) as pool:
            with self.assertRaisesRegex(RuntimeError, "never reset"):
                pool.step([0, 1])
            pool.reset()
            for bad, kind in (
                ([0, 2], ValueError), ([0, -1], ValueError), ([0], ValueError), ([0, 1, 0], ValueError),
                ([[0, 1]], ValueError), ([0.0, 1.0], TypeError), (["a", "b"], TypeError), (None, Exception),
                (np.array([0, 2**63], np.uint64), ValueError),
            ):
                with self.subTest(bad), self.assertRaises(kind):
                    pool.step(bad)
            self.assertEqual(len(pool.step(np.array([0, 1], np.int32))), 2)
        with ludus.Pool("Pendulum-v1", 2) as pool:
            pool.reset()
            for bad in (np.nan, np.inf, -np.inf, 1e300):
                with self.assertRaisesRegex(ValueError, "isn't in"), np.errstate(over="ignore"):
                    pool.step(np.array([[0.0], [bad]]))
            pool.step(np.zeros((2, 1), np.float32))

    def test_bad_masks(self):
        with ludus.Pool("CartPole-v1", 2) as pool:
            with self.assertRaisesRegex(ValueError, "never reset"):
                pool.reset(mask=np.array([True, False]))
            pool.reset()
            for bad in (np.array([1, 0]), np.array([True]), "xy"):
                with self.assertRaises(ValueError):
                    pool.reset(mask=bad)


if __name__ == "__main__":
    unittest.main()
