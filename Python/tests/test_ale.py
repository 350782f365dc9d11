"""Atari games against ale-py's own interface, frame by frame."""

import unittest

import numpy as np

from support import ludus

try:
    import ale_py
except ImportError:
    ale_py = None

GAMES = ("pong", "breakout", "space_invaders", "qbert", "seaquest", "beam_rider", "ms_pacman", "enduro")
STEPS = 300


@unittest.skipUnless(ale_py, "ale-py is not installed")
@unittest.skipUnless("Pong-v5" in ludus.list_all_envs(), "the emulator isn't set up")
class EmulatorTests(unittest.TestCase):
    def test_memory_rewards_and_lives_are_the_emulators(self):
        ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
        for game in GAMES:
            with self.subTest(game=game):
                self.check(game)

    def check(self, game):
        name = "".join(part.capitalize() for part in game.split("_")) + "-v5"
        envs = ludus.make_gymnasium(name, num_envs=1, seed=5, noop_max=1, use_fire_reset=False)
        emulator = ale_py.ALEInterface()
        emulator.setFloat("repeat_action_probability", 0.0)
        emulator.loadROM(ale_py.roms.get_rom_path(game))
        actions = emulator.getMinimalActionSet()
        random = np.random.default_rng(1)
        envs.reset()
        emulator.reset_game()
        emulator.act(actions[0])
        over = False
        for step in range(STEPS):
            choice = int(random.integers(len(actions)))
            _, _, terminated, truncated, info = envs.step(np.array([choice]))
            reward = 0
            if over:
                emulator.reset_game()
                emulator.act(actions[0])
            else:
                for _ in range(4):
                    reward += emulator.act(actions[choice])
                    if emulator.game_over():
                        break
            over = bool(terminated[0] or truncated[0])
            self.assertEqual(info["reward"][0], reward, f"reward of step {step}")
            self.assertEqual(info["lives"][0], emulator.lives(), f"lives at step {step}")
            np.testing.assert_array_equal(info["ram"][0], emulator.getRAM(), f"memory at step {step}")


if __name__ == "__main__":
    unittest.main()
