"""Defects of TorchOpt 0.7.3 that Ludus has a test for: each function shows one, and prints what is right.

Needs an interpreter with torch 2.1 and torchopt. Prints one line of JSON a defect: what TorchOpt gives, what is right,
and whether they agree.

    Scripts/bootstrap --torchopt
    .deps/torchopt/bin/python Benchmarks/Peers/torchopt_defects.py [NAME ...]
"""
import json
import sys
import time

import torch
import torchopt

DEFECTS = {}


def defect(function):
    """Registers a function that returns TorchOpt's numbers, the right ones, and Ludus's test."""
    DEFECTS[function.__name__] = function
    return function


def report(name):
    theirs, right, test = DEFECTS[name]()
    tolerance = 0.1 if "thread" in name else 1e-4
    agree = all(abs(a - b) <= tolerance * max(1.0, abs(b)) for a, b in zip(theirs, right))
    print(json.dumps({"defect": name, "torchopt": theirs, "right": right, "agree": agree, "test": test}))


def _cubic(w, t):
    """w^3 + w e^t - 1, whose root in w is a function of t."""
    return w**3 + w * torch.exp(t) - 1


def _cubic_root(w, t):
    with torch.no_grad():
        for _ in range(60):
            w = w - _cubic(w, t) / (3 * w**2 + torch.exp(t))
    return w


def _derivative(order, at, step):
    """Central differences of the root, in float64."""
    roots = [_cubic_root(torch.tensor(0.5, dtype=torch.float64), torch.tensor(at + k * step, dtype=torch.float64))
             for k in (-1, 0, 1)]
    low, middle, high = (float(root) for root in roots)
    return (high - low) / (2 * step) if order == 1 else (high - 2 * middle + low) / step**2


@defect
def implicit_scalar_unknown():
    """Issue 222: conjugate gradient may take 10 * sum(shape) = 0 steps for a scalar, so its gradient is 0."""
    solve = torchopt.diff.implicit.custom_root(_cubic, argnums=1, solve=torchopt.linear_solve.solve_cg())(_cubic_root)
    t = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(solve(torch.tensor(0.5, dtype=torch.float64), t), t)
    return [first.item()], [_derivative(1, 0.3, 1e-5)], "ImplicitTests.scalarUnknown"


@defect
def implicit_second_derivative():
    """The parameters are saved without their graph, so the second derivative leaves terms out."""

    def equation(w, t):
        return _cubic(w, t).sum()[None]

    solve = torchopt.diff.implicit.custom_root(
        equation, argnums=1, solve=torchopt.linear_solve.solve_inv())(_cubic_root)
    t = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    root = solve(torch.tensor([0.5], dtype=torch.float64), t)[0]
    (first,) = torch.autograd.grad(root, t, create_graph=True)
    (second,) = torch.autograd.grad(first, t)
    right = [_derivative(1, 0.3, 1e-5), _derivative(2, 0.3, 1e-4)]
    return [first.item(), second.item()], right, "ImplicitTests.scalarUnknown"


@defect
def dampening_has_hidden_state():
    """A flag in a closure says which step is the first, so a transform's second run takes other steps."""
    transform = torchopt.sgd(0.1, momentum=0.9, dampening=0.5)
    gradients = (torch.ones(1, dtype=torch.float64),)

    def steps():
        state, found = transform.init(gradients), []
        for _ in range(3):
            updates, state = transform.update(gradients, state, inplace=False)
            found.append(-updates[0].item())
        return found

    steps()
    return steps(), [0.1, 0.14, 0.176], "RuleGradientTests.dampeningIsNoHiddenState"


def _after_two_steps(transform, start):
    """Where two steps on the sum of squares lead from a number."""
    place = (start,)
    state = transform.init(place)
    for _ in range(2):
        gradients = torch.autograd.grad((place[0] ** 2).sum(), place, create_graph=True)
        updates, state = transform.update(gradients, state, inplace=False)
        place = torchopt.apply_updates(place, updates, inplace=False)
    return place[0].sum()


def _adam_derivative(at, options):
    """TorchOpt's derivative by the start through accelerated Adam, and central differences of the same function."""

    def value(x):
        return _after_two_steps(torchopt.adam(0.1, use_accelerated_op=True, **options), x)

    start = torch.tensor([at], dtype=torch.float64, requires_grad=True)
    (derivative,) = torch.autograd.grad(value(start), start)
    low, high = (value(torch.tensor([at + d], dtype=torch.float64, requires_grad=True)).item()
                 for d in (-1e-6, 1e-6))
    return [derivative.item()], [(high - low) / 2e-6]


@defect
def accelerated_adam_with_epsilon():
    """The accelerated Adam's backward pass is wrong where epsilon is not small against the moments."""
    return *_adam_derivative(0.01, {"eps": 1e-2}), "RuleGradientTests.byStart"


@defect
def accelerated_adam_with_epsilon_root():
    """The same with epsilon under the root."""
    return *_adam_derivative(0.1, {"eps_root": 1e-2}), "RuleGradientTests.byStart"


@defect
def adam_at_zero_gradient():
    """The root's derivative at 0 is infinite and meets a zero: not a number, where the derivative is finite."""
    start = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(_after_two_steps(torchopt.adam(0.1, eps=1e-2), start) ** 2, start)
    return [gradient.item()], [0.0], "RuleGradientTests.atZeroGradient"


@defect
def zero_order_forward():
    """The value at the point is overwritten by the last difference, and the sum is multiplied by sigma, not divided."""
    torch.manual_seed(1)
    estimate = torchopt.diff.zero_order.zero_order(
        torch.randn, method="forward", argnums=0, num_samples=20000, sigma=0.1)(lambda x: (x * x).sum() + 3)
    point = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(estimate(point), point)
    return gradient.tolist(), [2.0, 4.0], "ZeroOrderTests.isUnbiased"


@defect
def accelerated_adam_ignores_the_thread_setting():
    """The C++ operation starts a team of its own for every large tensor: processor time of all threads over the caller's,
    told to use one thread.

    Only with torch 2.1: with a later one TorchOpt 0.7.3 can't load that operation, and goes without in silence.
    """
    torch.set_num_threads(1)
    parameters = (torch.ones(1 << 20),)
    gradients = (torch.full((1 << 20,), 0.5),)
    optimizer = torchopt.adam(1e-3, use_accelerated_op=True)
    state = optimizer.init(parameters)
    thread, process = time.thread_time(), time.process_time()
    for _ in range(50):
        _, state = optimizer.update(gradients, state, inplace=False)
    share = (time.process_time() - process) / (time.thread_time() - thread)
    return [round(share, 2)], [1.0], "ThreadUseTests.adamUsesOneThread"


if __name__ == "__main__":
    for name in sys.argv[1:] or DEFECTS:
        report(name)
