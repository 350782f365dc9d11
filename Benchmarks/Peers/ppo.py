"""Proximal policy optimisation in PyTorch on EnvPool: what `ludus run ppo-...` is compared with.

The loop, network, losses and settings are those of the recipe; one torch thread and one environment thread. Needs an
interpreter with torch and envpool. Prints one line of JSON: mean return of the last hundred episodes, wall and CPU
seconds of the training loop.

    python ppo.py cartpole|pendulum|halfcheetah [SEED [STEPS]]
"""
import json
import sys
import time

import envpool
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical, Normal

SETTINGS = {
    "cartpole": dict(task="CartPole-v1", total=100_000, steps=128, discount=0.98, trace=0.95, rate=3e-3, epochs=4,
                     minibatches=4, normalize=False),
    "pendulum": dict(task="Pendulum-v1", total=250_000, steps=256, discount=0.95, trace=0.9, rate=3e-3, epochs=6,
                     minibatches=4, normalize=True),
    "halfcheetah": dict(task="HalfCheetah-v4", total=1_000_000, steps=256, discount=0.99, trace=0.95, rate=3e-4,
                        epochs=10, minibatches=32, normalize=True),
}
ENVIRONMENTS = 8
CLIP, VALUE_WEIGHT, MAXIMUM_NORM = 0.2, 0.5, 0.5


def layer(inputs, outputs, gain):
    linear = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.zeros_(linear.bias)
    return linear


def stack(inputs, outputs, gain):
    root = 2**0.5
    return nn.Sequential(layer(inputs, 64, root), nn.Tanh(), layer(64, 64, root), nn.Tanh(), layer(64, outputs, gain))


class Agent(nn.Module):
    def __init__(self, inputs, outputs, continuous):
        super().__init__()
        self.actor, self.critic = stack(inputs, outputs, 0.01), stack(inputs, 1, 1.0)
        self.log_deviation = nn.Parameter(torch.zeros(outputs)) if continuous else None

    def distribution(self, observations):
        output = self.actor(observations)
        if self.log_deviation is None:
            return Categorical(logits=output)
        return Normal(output, self.log_deviation.exp())

    def log_probability(self, distribution, actions):
        found = distribution.log_prob(actions)
        return found if self.log_deviation is None else found.sum(-1)


class Moments:
    """Running mean and variance."""

    def __init__(self, size):
        self.count, self.mean, self.squares = 0, np.zeros(size), np.zeros(size)

    def add(self, batch):
        count = len(batch)
        if count == 0:
            return
        mean, total = batch.mean(0), self.count + count
        shift = mean - self.mean
        self.squares += ((batch - mean) ** 2).sum(0) + shift**2 * self.count * count / total
        self.mean = self.mean + shift * count / total
        self.count = total

    @property
    def deviation(self):
        return np.sqrt(self.squares / max(1, self.count) + 1e-8)


def advantages_of(rewards, values, terminated, truncated, resets, discount, trace):
    result, later = np.zeros_like(rewards), 0
    for step in reversed(range(len(rewards))):
        following = np.where(terminated[step], 0, discount * values[step + 1])
        difference = rewards[step] + following - values[step]
        is_last = terminated[step] | truncated[step]
        later = np.where(resets[step], 0, difference + np.where(is_last, 0, discount * trace * later))
        result[step] = later
    return result


def train(name, seed, total=None):
    s = dict(SETTINGS[name])
    s["total"] = total or s["total"]
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    pool = envpool.make_gymnasium(s["task"], num_envs=ENVIRONMENTS, seed=seed, num_threads=1)
    space, count, T = pool.action_space, ENVIRONMENTS, s["steps"]
    continuous = not hasattr(space, "n")
    inputs = pool.observation_space.shape[-1]
    agent = Agent(inputs, space.shape[-1] if continuous else int(space.n), continuous)
    optimizer = torch.optim.Adam(agent.parameters(), lr=s["rate"], eps=1e-5)
    iterations = s["total"] // (count * T)
    moments, reward_moments, sums = Moments(inputs), Moments(()), np.zeros(count)
    returns, episodes = np.zeros(count), []

    def prepared(observation):
        if not s["normalize"]:
            return observation.astype(np.float32)
        moments.add(observation)
        return np.clip((observation - moments.mean) / moments.deviation, -10, 10).astype(np.float32)

    observation = prepared(pool.reset()[0])
    is_reset = np.zeros(count, bool)
    for iteration in range(iterations):
        optimizer.param_groups[0]["lr"] = s["rate"] * (1 - iteration / iterations)
        observations = np.zeros((T + 1, count, inputs), np.float32)
        shape, kind = ((T, count, space.shape[-1]), np.float32) if continuous else ((T, count), np.int64)
        actions = np.zeros(shape, kind)
        old, rewards = np.zeros((T, count), np.float32), np.zeros((T, count), np.float32)
        terminated, truncated, resets = (np.zeros((T, count), bool) for _ in range(3))
        for step in range(T):
            observations[step], resets[step] = observation, is_reset
            with torch.no_grad():
                distribution = agent.distribution(torch.from_numpy(observation))
                action = distribution.sample()
                old[step] = agent.log_probability(distribution, action).numpy()
            actions[step] = action.numpy()
            sent = actions[step]
            if continuous:
                sent = np.clip(sent, space.low, space.high).astype(space.dtype)
            raw, reward, terminated[step], truncated[step], _ = pool.step(sent)
            reward = np.where(is_reset, 0, reward)
            returns += reward
            ended = terminated[step] | truncated[step]
            episodes += [float(x) for x in returns[ended]]
            returns[ended] = 0
            if s["normalize"]:
                sums = np.where(is_reset, sums, sums * s["discount"] + reward)
                reward_moments.add(sums[~is_reset])
                reward = np.clip(reward / reward_moments.deviation, -10, 10)
                sums[ended] = 0
            rewards[step], observation, is_reset = reward, prepared(raw), ended
        observations[T] = observation
        with torch.no_grad():
            values = agent.critic(torch.from_numpy(observations)).squeeze(-1).numpy()
        advantages = advantages_of(rewards, values, terminated, truncated, resets, s["discount"], s["trace"])
        rows = np.flatnonzero(~resets.reshape(-1))
        flat = [torch.from_numpy(x.reshape(T * count, *x.shape[2:])) for x in (
            observations[:T], actions, old, advantages.astype(np.float32), (advantages + values[:T]).astype(np.float32))]
        for _ in range(s["epochs"]):
            generator.shuffle(rows)
            for part in np.array_split(rows, s["minibatches"]):
                x, a, before, advantage, target = (tensor[part] for tensor in flat)
                advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
                ratio = (agent.log_probability(agent.distribution(x), a) - before).exp()
                policy = -torch.min(ratio * advantage, ratio.clamp(1 - CLIP, 1 + CLIP) * advantage).mean()
                value = 0.5 * (agent.critic(x).squeeze(-1) - target).square().mean()
                optimizer.zero_grad()
                (policy + VALUE_WEIGHT * value).backward()
                nn.utils.clip_grad_norm_(agent.parameters(), MAXIMUM_NORM)
                optimizer.step()
    return float(np.mean(episodes[-100:]))


if __name__ == "__main__":
    wall, cpu = time.perf_counter(), time.process_time()
    numbers = [int(text) for text in sys.argv[2:]] or [1]
    result = train(sys.argv[1], *numbers)
    print(json.dumps({"return": result, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))
