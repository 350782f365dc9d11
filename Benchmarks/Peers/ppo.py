"""Proximal policy optimisation in torch on EnvPool, in one file, with the settings of our recipes: what ours is timed against.

    PYTHONPATH=.deps/environment-peers/lib/python3.11/site-packages .deps/peers/bin/python Benchmarks/Peers/ppo.py cartpole 1

Tasks: cartpole, halfcheetah. Prints one JSON line: return of the last hundred episodes, wall and processor seconds of the
training, imports not counted.
"""
import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import envpool
import numpy
import torch
from torch import nn

SETTINGS = {
    "cartpole": dict(
        id="CartPole-v1", total=100_000, steps=128, discount=0.98, rate=3e-3, epochs=4, minibatches=4, normalize=False
    ),
    "halfcheetah": dict(
        id="HalfCheetah-v4", total=1_000_000, steps=256, discount=0.99, rate=3e-4, epochs=10, minibatches=32, normalize=True
    ),
}
COUNT, TRACE, CLIP = 8, 0.95, 0.2


def layer(inputs, outputs, gain):
    linear = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.zeros_(linear.bias)
    return linear


def stack(inputs, outputs, gain):
    root = 2**0.5
    return nn.Sequential(
        layer(inputs, 64, root), nn.Tanh(), layer(64, 64, root), nn.Tanh(), layer(64, outputs, gain)
    )


class Agent(nn.Module):
    def __init__(self, inputs, outputs, continuous):
        super().__init__()
        self.actor = stack(inputs, outputs, 0.01)
        self.critic = stack(inputs, 1, 1.0)
        self.deviation = nn.Parameter(torch.zeros(outputs)) if continuous else None

    def distribution(self, x):
        if self.deviation is None:
            return torch.distributions.Categorical(logits=self.actor(x))
        return torch.distributions.Independent(torch.distributions.Normal(self.actor(x), self.deviation.exp()), 1)


class Moments:
    def __init__(self, shape):
        self.mean, self.variance, self.count = numpy.zeros(shape), numpy.ones(shape), 1e-4

    def add(self, x):
        count = len(x)
        delta = x.mean(0) - self.mean
        total = self.count + count
        self.variance = (
            self.variance * self.count + x.var(0) * count + delta**2 * self.count * count / total
        ) / total
        self.mean = self.mean + delta * count / total
        self.count = total


def main():
    name, seed = sys.argv[1], int(sys.argv[2])
    s = SETTINGS[name]
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    pool = envpool.make_gymnasium(s["id"], num_envs=COUNT, num_threads=1, seed=seed)
    start, cpu = time.perf_counter(), time.process_time()
    continuous = not hasattr(pool.action_space, "n")
    inputs = pool.observation_space.shape[-1]
    outputs = pool.action_space.shape[-1] if continuous else int(pool.action_space.n)
    agent = Agent(inputs, outputs, continuous)
    optimizer = torch.optim.Adam(agent.parameters(), lr=s["rate"], eps=1e-5)
    seen, scale = Moments(inputs), Moments(())
    running = numpy.zeros(COUNT)

    def prepared(x):
        if s["normalize"]:
            seen.add(x)
            x = numpy.clip((x - seen.mean) / numpy.sqrt(seen.variance + 1e-8), -10, 10)
        return torch.from_numpy(x.astype(numpy.float32))

    T = s["steps"]
    observations = torch.zeros(T, COUNT, inputs)
    actions = torch.zeros((T, COUNT, outputs) if continuous else (T, COUNT))
    chances, rewards, values = torch.zeros(T, COUNT), torch.zeros(T, COUNT), torch.zeros(T + 1, COUNT)
    ended, terminated, valid = torch.zeros(T, COUNT), torch.zeros(T, COUNT), torch.zeros(T, COUNT)
    finished, returns, over = [], numpy.zeros(COUNT), numpy.zeros(COUNT, dtype=bool)
    x = prepared(pool.reset()[0])
    iterations = s["total"] // (T * COUNT)
    for iteration in range(iterations):
        optimizer.param_groups[0]["lr"] = s["rate"] * (1 - iteration / iterations)
        for t in range(T):
            observations[t] = x
            with torch.no_grad():
                distribution = agent.distribution(x)
                action = distribution.sample()
                chances[t] = distribution.log_prob(action)
                values[t] = agent.critic(x).flatten()
            actions[t] = action
            raw, reward, term, trunc, _ = pool.step(action.numpy())
            valid[t] = torch.from_numpy(~over).float()
            returns += reward
            if s["normalize"]:
                running = running * s["discount"] * ~over + reward
                scale.add(running)
                reward = numpy.clip(reward / numpy.sqrt(scale.variance + 1e-8), -10, 10)
            rewards[t] = torch.from_numpy(numpy.asarray(reward, dtype=numpy.float32))
            over = term | trunc
            for index in numpy.flatnonzero(over):
                finished.append(returns[index])
                returns[index] = 0
            ended[t], terminated[t] = torch.from_numpy(over).float(), torch.from_numpy(term).float()
            x = prepared(raw)
        with torch.no_grad():
            values[T] = agent.critic(x).flatten()
        # The step after the last of an episode is a reset: no transition, and the trace starts anew there.
        advantages, trace = torch.zeros(T, COUNT), torch.zeros(COUNT)
        for t in reversed(range(T)):
            delta = rewards[t] + s["discount"] * values[t + 1] * (1 - terminated[t]) - values[t]
            trace = (delta + s["discount"] * TRACE * (1 - ended[t]) * trace) * valid[t]
            advantages[t] = trace
        keep = valid.flatten() > 0
        flat = lambda tensor: tensor.reshape(T * COUNT, *tensor.shape[2:])[keep]
        batch = [flat(v) for v in (observations, actions, chances, advantages, advantages + values[:T])]
        size = (len(batch[0]) + s["minibatches"] - 1) // s["minibatches"]
        for _ in range(s["epochs"]):
            for part in torch.randperm(len(batch[0])).split(size):
                o, a, old, advantage, target = (v[part] for v in batch)
                distribution = agent.distribution(o)
                ratio = (distribution.log_prob(a) - old).exp()
                advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
                policy = torch.max(-advantage * ratio, -advantage * ratio.clamp(1 - CLIP, 1 + CLIP)).mean()
                value = 0.5 * ((agent.critic(o).flatten() - target) ** 2).mean()
                loss = policy + 0.5 * value
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
                optimizer.step()
    print(
        json.dumps(
            {
                "return": float(numpy.mean(finished[-100:])),
                "wall": time.perf_counter() - start,
                "processor": time.process_time() - cpu,
            }
        )
    )


main()
