"""Trajectories of torch.optim for the parity tests of `Optimizers`.

Run with torch 2.13.0:  python make_goldens.py > goldens.json

Two parameters, `weight` [3, 4] and `bias` [5]; the gradient has a closed form that both sides evaluate,
    g(p) = 2 c (p - t) + 0.3 cos(3 p),    c[i] = 0.5 + 0.1 i,    t[i] = sin(i + 1),    p0[i] = cos(i + 0.5),
with i counting over the elements of each parameter. Recorded: the parameters after the steps in RECORDED.
Every record also states the options, in the words of the Swift side.
"""
import itertools
import json
import sys

import torch

RECORDED = [1, 2, 10, 100]
SHAPES = {"weight": [3, 4], "bias": [5]}


def start(dtype):
    leaves = {}
    for name, shape in SHAPES.items():
        count = torch.Size(shape).numel()
        index = torch.arange(count, dtype=torch.float64)
        leaves[name] = {
            "start": torch.cos(index + 0.5).reshape(shape).to(dtype),
            "curvature": (0.5 + 0.1 * index).reshape(shape).to(dtype),
            "target": torch.sin(index + 1).reshape(shape).to(dtype),
        }
    return leaves


def gradient(value, leaf):
    return leaf["curvature"] * (value - leaf["target"]) * 2 + torch.cos(value * 3) * 0.3


def numbers(tensor):
    digits = 17 if tensor.dtype == torch.float64 else 9
    return [float(f"%.{digits}g" % v) for v in tensor.flatten().double().tolist()]


def run(kind, options, dtype_name, make, steps=100, before_step=None):
    dtype = {"float32": torch.float32, "float64": torch.float64}[dtype_name]
    leaves = start(dtype)
    parameters = {name: torch.nn.Parameter(leaf["start"].clone()) for name, leaf in leaves.items()}
    optimizer = make(parameters)
    records = []
    for step in range(1, steps + 1):
        for name, parameter in parameters.items():
            parameter.grad = gradient(parameter.detach(), leaves[name])
        if before_step is not None:
            before_step(parameters, optimizer, step)
        optimizer.step()
        if step in RECORDED:
            records.append({"step": step, **{n: numbers(p.detach()) for n, p in parameters.items()}})
    return {"kind": kind, "dtype": dtype_name, "options": options, "records": records}


def sgd_runs(dtype):
    momenta = [(0.0, 0.0, False), (0.9, 0.0, False), (0.9, 0.1, False), (0.9, 0.0, True)]
    for rate, (momentum, dampening, nesterov), decay in itertools.product([0.01, 0.1], momenta, [0.0, 0.01]):
        options = {"learningRate": rate, "momentum": momentum, "dampening": dampening, "nesterov": nesterov,
                   "weightDecay": decay}
        yield run("sgd", options, dtype, lambda p: torch.optim.SGD(
            list(p.values()), lr=rate, momentum=momentum, dampening=dampening, nesterov=nesterov,
            weight_decay=decay, foreach=False))


def adam_runs(dtype):
    grid = itertools.product([0.001, 0.03], [(0.9, 0.999), (0.8, 0.95)], [1e-8, 1e-3], [0.0, 0.1], [False, True])
    for rate, betas, epsilon, decay, amsgrad in grid:
        options = {"learningRate": rate, "firstMomentDecay": betas[0], "secondMomentDecay": betas[1],
                   "epsilon": epsilon, "weightDecay": decay, "amsgrad": amsgrad}
        if not (amsgrad and epsilon == 1e-3):
            yield run("adamW", options, dtype, lambda p: torch.optim.AdamW(
                list(p.values()), lr=rate, betas=betas, eps=epsilon, weight_decay=decay, amsgrad=amsgrad,
                foreach=False))
        if rate == 0.03 and betas[0] == 0.8 and not (amsgrad and decay == 0.0):
            yield run("adam", options, dtype, lambda p: torch.optim.Adam(
                list(p.values()), lr=rate, betas=betas, eps=epsilon, weight_decay=decay, amsgrad=amsgrad,
                foreach=False))


def clipped_runs(dtype):
    """Clipping by global norm, then AdamW with decay on the matrix alone, as language models are trained."""
    for maximum in [0.5, 2.0]:
        options = {"maximumNorm": maximum, "learningRate": 0.03, "weightDecay": 0.1, "decayed": "weight"}
        yield run(
            "clipThenMaskedAdamW", options, dtype,
            lambda p: torch.optim.AdamW(
                [{"params": [p["weight"]], "weight_decay": 0.1}, {"params": [p["bias"]], "weight_decay": 0.0}],
                lr=0.03, foreach=False),
            before_step=lambda p, o, s: torch.nn.utils.clip_grad_norm_(list(p.values()), maximum, foreach=False))


def scheduled_runs(dtype):
    """Cosine from 0.05 over 100 steps, set by hand before each step: step s (from 0) has rate cos-schedule(s)."""
    import math

    def set_rate(parameters, optimizer, step):
        for group in optimizer.param_groups:
            group["lr"] = 0.5 * 0.05 * (1 + math.cos(math.pi * (step - 1) / 100))

    options = {"maximum": 0.05, "steps": 100, "momentum": 0.9, "weightDecay": 0.01}
    yield run("cosineSGD", options, dtype,
              lambda p: torch.optim.SGD(list(p.values()), lr=0.05, momentum=0.9, weight_decay=0.01, foreach=False),
              before_step=set_rate)
    yield run("cosineAdamW", options, dtype,
              lambda p: torch.optim.AdamW(list(p.values()), lr=0.05, weight_decay=0.01, foreach=False),
              before_step=set_rate)


def clipping():
    cases = []
    gradients = {name: gradient(leaf["start"], leaf) * 3 for name, leaf in start(torch.float64).items()}
    for norm in [1.0, 2.0, 3.0, float("inf")]:
        for maximum in [0.1, 1.0, 1e3]:
            parameters = {n: torch.nn.Parameter(torch.zeros_like(g)) for n, g in gradients.items()}
            for name, parameter in parameters.items():
                parameter.grad = gradients[name].clone()
            total = torch.nn.utils.clip_grad_norm_(list(parameters.values()), maximum, norm_type=norm, foreach=False)
            cases.append({"norm": "inf" if norm == float("inf") else str(int(norm)), "maximum": maximum,
                          "total": float(total), **{n: numbers(p.grad) for n, p in parameters.items()}})
    values = []
    for maximum in [0.1, 1.0]:
        parameters = {n: torch.nn.Parameter(torch.zeros_like(g)) for n, g in gradients.items()}
        for name, parameter in parameters.items():
            parameter.grad = gradients[name].clone()
        torch.nn.utils.clip_grad_value_(list(parameters.values()), maximum, foreach=False)
        values.append({"maximum": maximum, **{n: numbers(p.grad) for n, p in parameters.items()}})
    return {"byGlobalNorm": cases, "byValue": values}


def main():
    torch.set_num_threads(1)
    runs = []
    for dtype in ["float32", "float64"]:
        for maker in [sgd_runs, adam_runs, clipped_runs, scheduled_runs]:
            runs.extend(maker(dtype))
    print("{")
    print(f' "torch": "{torch.__version__}",')
    print(' "clipping": ' + json.dumps(clipping()) + ",")
    print(' "runs": [')
    print(",\n".join("  " + json.dumps(r) for r in runs))
    print(" ]\n}")
    print(len(runs), "runs", file=sys.stderr)


if __name__ == "__main__":
    main()
