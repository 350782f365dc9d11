"""Defects of TorchOpt 0.7.3 that Ludus has a test for: each function shows one, and prints what is right.

Needs an interpreter with torch and torchopt. Prints one line of JSON a defect: what TorchOpt gives, what is right, and
whether they agree.

    python torchopt_defects.py [NAME ...]
"""
import json
import sys

import torch
import torchopt

DEFECTS = {}


def defect(function):
    """Registers a function that returns TorchOpt's numbers, the right ones, and Ludus's test."""
    DEFECTS[function.__name__] = function
    return function


def report(name):
    theirs, right, test = DEFECTS[name]()
    agree = all(abs(a - b) <= 1e-4 * max(1.0, abs(b)) for a, b in zip(theirs, right))
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


if __name__ == "__main__":
    for name in sys.argv[1:] or DEFECTS:
        report(name)
