"""Proximal policy optimisation on one page: torch learns, the Ludus engine steps.

The engine writes observations, rewards and flags straight into the tensors that the learner reads (`ludus.Rollout`).
Episodes that a limit cuts off are bootstrapped with the value of their last observation.

    python ppo.py --task CartPole-v1 --seed 1

Prints a line for each update, and ends when the mean return of the last 100 episodes reaches the task's threshold (or
`--target`), or after `--steps`. Exit code 1: the target was not reached.

Source: Schulman et al. 2017, arXiv:1707.06347; defaults as is common for CartPole.
"""

import argparse
import collections
import sys
import time

import numpy as np
import torch
from torch import nn

import ludus


def layer(inputs: int, outputs: int, gain: float) -> nn.Linear:
    """A linear layer with orthogonal weights."""
    linear = nn.Linear(inputs, outputs)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.zeros_(linear.bias)
    return linear


class Agent(nn.Module):
    """A policy and a value of observations; discrete actions, or a Gaussian for boxes."""

    def __init__(self, observations: int, action: ludus.Space, width: int = 64):
        super().__init__()
        self.is_discrete = action.kind == "discrete"
        outputs = action.count if self.is_discrete else int(np.prod(action.shape))
        root = 2**0.5

        def network(count: int, gain: float) -> nn.Sequential:
            return nn.Sequential(
                layer(observations, width, root), nn.Tanh(), layer(width, width, root), nn.Tanh(),
                layer(width, count, gain))

        self.policy, self.critic = network(outputs, 0.01), network(1, 1.0)
        self.log_deviation = nn.Parameter(torch.zeros(outputs))

    def value(self, observations):
        """The value of each observation."""
        return self.critic(observations).squeeze(-1)

    def distribution(self, observations):
        """What the policy does."""
        scores = self.policy(observations)
        if self.is_discrete:
            return torch.distributions.Categorical(logits=scores)
        normal = torch.distributions.Normal(scores, self.log_deviation.exp())
        return torch.distributions.Independent(normal, 1)


def advantages(rewards, ended, values, last_value, discount: float, trace: float):
    """Generalised advantage estimates `[T, N]`; an episode's end stops the sum."""
    result = torch.zeros_like(rewards)
    running, following = torch.zeros_like(last_value), last_value
    for time_step in reversed(range(len(rewards))):
        goes_on = 1.0 - ended[time_step]
        error = rewards[time_step] + discount * following * goes_on - values[time_step]
        running = error + discount * trace * goes_on * running
        result[time_step], following = running, values[time_step]
    return result


def collect(agent, pool, rollout, tensors, options, episodes):
    """Fills the rollout from where the pool stands; returns the observation after it."""
    observation = tensors["start"]
    for time_step in range(options.rollout):
        with torch.no_grad():
            distribution = agent.distribution(observation)
            action = distribution.sample()
            tensors["actions"][time_step] = action
            tensors["log_probabilities"][time_step] = distribution.log_prob(action)
            tensors["values"][time_step] = agent.value(observation)
        tensors["inputs"][time_step] = observation
        batch = rollout.step(time_step, action.numpy())
        if pool.has_ended:
            for row in np.flatnonzero(rollout.terminated[time_step] | rollout.truncated[time_step]):
                episodes.append((float(batch.episode_returns[row]), int(batch.elapsed_steps[row])))
            cut = np.flatnonzero(rollout.truncated[time_step] & ~rollout.terminated[time_step])
            if len(cut):
                with torch.no_grad():
                    final = agent.value(torch.from_numpy(batch.final_observations[cut]))
                tensors["rewards"][time_step, cut] += options.discount * final
        observation = tensors["observations"][time_step]
    tensors["start"] = observation.clone()
    return observation


def learn(agent, optimizer, tensors, gains, options):
    """Some epochs of clipped updates on one rollout."""
    flat = {name: tensors[name].flatten(0, 1) for name in ("inputs", "actions", "log_probabilities", "values")}
    gains = gains.flatten()
    returns = gains + flat["values"]
    for _ in range(options.epochs):
        for part in torch.randperm(len(gains)).split(options.minibatch):
            distribution = agent.distribution(flat["inputs"][part])
            ratio = (distribution.log_prob(flat["actions"][part]) - flat["log_probabilities"][part]).exp()
            gain = gains[part]
            gain = (gain - gain.mean()) / (gain.std() + 1e-8)
            clipped = ratio.clamp(1 - options.clip, 1 + options.clip)
            policy_loss = -torch.min(ratio * gain, clipped * gain).mean()
            value_loss = 0.5 * (agent.value(flat["inputs"][part]) - returns[part]).square().mean()
            loss = policy_loss + 0.5 * value_loss - options.entropy * distribution.entropy().mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
            optimizer.step()


def train(options) -> float:
    """Trains until the target is reached or the steps are used up; returns the last mean return."""
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    pool = ludus.Pool(options.task, options.envs, seed=options.seed, autoreset="same-step")
    task = pool.specification
    target = options.target if options.target is not None else task.reward_threshold
    size = int(np.prod(task.observation.shape))
    agent = Agent(size, task.action)
    optimizer = torch.optim.Adam(agent.parameters(), lr=options.rate, eps=1e-5)
    shape = (options.rollout, options.envs)
    tensors = {name: torch.zeros(shape) for name in ("rewards", "values", "log_probabilities")}
    tensors["observations"], tensors["inputs"] = torch.zeros(*shape, size), torch.zeros(*shape, size)
    tensors["actions"] = torch.zeros(*shape, *task.action.shape, dtype=torch.int64 if agent.is_discrete else torch.float32)
    rollout = ludus.Rollout(
        pool, options.rollout, observations=tensors["observations"].numpy(), rewards=tensors["rewards"].numpy())
    tensors["start"] = torch.from_numpy(pool.reset().observations.copy())
    episodes: collections.deque = collections.deque(maxlen=100)
    updates = options.steps // (options.rollout * options.envs)
    began, mean = time.perf_counter(), float("-inf")
    for update in range(1, updates + 1):
        optimizer.param_groups[0]["lr"] = options.rate * (1 - (update - 1) / updates)
        last = collect(agent, pool, rollout, tensors, options, episodes)
        with torch.no_grad():
            last_value = agent.value(last)
        ended = torch.from_numpy(rollout.terminated | rollout.truncated).float()
        gains = advantages(
            tensors["rewards"], ended, tensors["values"], last_value, options.discount, options.trace)
        learn(agent, optimizer, tensors, gains, options)
        steps = update * options.rollout * options.envs
        mean = float(np.mean([episode[0] for episode in episodes])) if episodes else float("-inf")
        print(f"steps {steps:8}  return {mean:8.1f}  {steps / (time.perf_counter() - began):8.0f} steps/s", flush=True)
        if target is not None and len(episodes) == 100 and mean >= target:
            print(f"reached {target:g} after {steps} steps")
            break
    pool.close()
    return mean if target is None else mean - target


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", default="CartPole-v1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--envs", type=int, default=16)
    parser.add_argument("--rollout", type=int, default=64, help="steps of each environment in an update")
    parser.add_argument("--steps", type=int, default=300_000)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--discount", type=float, default=0.99)
    parser.add_argument("--trace", type=float, default=0.95)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--minibatch", type=int, default=256)
    parser.add_argument("--clip", type=float, default=0.2)
    parser.add_argument("--entropy", type=float, default=0.005)
    parser.add_argument("--target", type=float, help="mean return to stop at; the task's threshold if not given")
    return 0 if train(parser.parse_args()) >= 0 else 1


if __name__ == "__main__":
    sys.exit(main())
