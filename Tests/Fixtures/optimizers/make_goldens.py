"""Trajectories of torch.optim for the parity tests of `Optimizers`.

Run with torch 2.13.0:  python make_goldens.py > goldens.json
                        python make_goldens.py rules > rules.json
The second has the rules beside SGD, Adam and AdamW, and their `maximize`; to stay small it records two steps.

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


def run(kind, options, dtype_name, make, steps=100, before_step=None, recorded=RECORDED):
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
        if step in recorded:
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


def rule_runs(dtype):
    """The other rules over their options; `kind` is the Swift name."""
    optim = torch.optim

    def one(kind, options, make):
        return run(kind, options, dtype, lambda p: make(list(p.values())), recorded=[1, 100])

    common = [(0.0, False), (0.1, False), (0.1, True)]
    for decay, maximize in common:
        options = {"weightDecay": decay, "maximizes": maximize}
        torch_options = {"weight_decay": decay, "maximize": maximize, "foreach": False}
        for beta1, beta2, epsilon in [(0.9, 0.999, 1e-8), (0.7, 0.9, 1e-2)]:
            more = {"learningRate": 0.01, "firstMomentDecay": beta1, "secondMomentDecay": beta2, "epsilon": epsilon}
            yield one("adaMax", {**options, **more}, lambda p: optim.Adamax(
                p, lr=0.01, betas=(beta1, beta2), eps=epsilon, **torch_options))
        for rate, rho, epsilon in [(1.0, 0.9, 1e-6), (0.3, 0.8, 1e-3)]:
            yield one("adaDelta", {**options, "learningRate": rate, "decay": rho, "epsilon": epsilon},
                      lambda p: optim.Adadelta(p, lr=rate, rho=rho, eps=epsilon, **torch_options))
        for rate_decay, initial, epsilon in [(0.0, 0.0, 1e-10), (0.05, 0.2, 1e-3)]:
            more = {"learningRate": 0.1, "rateDecay": rate_decay, "initialSum": initial, "epsilon": epsilon}
            yield one("adaGrad", {**options, **more}, lambda p: optim.Adagrad(
                p, lr=0.1, lr_decay=rate_decay, initial_accumulator_value=initial, eps=epsilon, **torch_options))
        for beta2, epsilon, decoupled in [(0.999, 1e-8, False), (0.95, 1e-3, True)]:
            more = {"learningRate": 0.02, "firstMomentDecay": 0.9, "secondMomentDecay": beta2, "epsilon": epsilon,
                    "isDecayDecoupled": decoupled}
            yield one("rAdam", {**options, **more}, lambda p: optim.RAdam(
                p, lr=0.02, betas=(0.9, beta2), eps=epsilon, decoupled_weight_decay=decoupled, **torch_options))
        for momentum, centred in [(0.0, False), (0.0, True), (0.9, False), (0.9, True)]:
            more = {"learningRate": 0.005, "decay": 0.95, "epsilon": 1e-6, "momentum": momentum, "isCentred": centred}
            yield one("rmsProp", {**options, **more}, lambda p: optim.RMSprop(
                p, lr=0.005, alpha=0.95, eps=1e-6, momentum=momentum, centered=centred, **torch_options))
    options = {"weightDecay": 0.1, "maximizes": True, "learningRate": 0.01}
    torch_options = {"lr": 0.01, "weight_decay": 0.1, "maximize": True, "foreach": False}
    yield one("sgd", {**options, "momentum": 0.9, "dampening": 0.0, "nesterov": True},
              lambda p: optim.SGD(p, momentum=0.9, nesterov=True, **torch_options))
    moments = {"firstMomentDecay": 0.9, "secondMomentDecay": 0.999, "epsilon": 1e-8, "amsgrad": False}
    yield one("adam", {**options, **moments}, lambda p: optim.Adam(p, **torch_options))
    yield one("adamW", {**options, **moments}, lambda p: optim.AdamW(p, **torch_options))


def muon_runs(dtype):
    """torch iterates in bfloat16; here also in the parameters' own type, which is what can be compared closely."""
    bfloat16 = torch.Tensor.bfloat16
    for nesterov, decay, adjust, half in [
            (True, 0.1, "original", False), (False, 0.0, "match_rms_adamw", False), (True, 0.1, "original", True)]:
        if not half:
            torch.Tensor.bfloat16 = lambda self: self.clone()
        options = {"learningRate": 0.02, "momentum": 0.9, "nesterov": nesterov, "weightDecay": decay,
                   "adjustment": adjust, "half": half}
        yield run("muon", options, dtype, lambda p: torch.optim.Muon(
            [p["weight"]], lr=0.02, momentum=0.9, nesterov=nesterov, weight_decay=decay, adjust_lr_fn=adjust),
            recorded=[1, 10])
        torch.Tensor.bfloat16 = bfloat16


def lbfgs_runs(dtype_name):
    """Iterates on sum c (p - t)^2 + 0.1 sin(3 p), whose gradient is `gradient`: the parameters after single steps."""
    dtype = {"float32": torch.float32, "float64": torch.float64}[dtype_name]
    for search, rate in [("strong_wolfe", 1.0), (None, 0.5), ("strong_wolfe", 30.0)]:
        leaves = start(dtype)
        parameters = {name: torch.nn.Parameter(leaf["start"].clone()) for name, leaf in leaves.items()}
        optimizer = torch.optim.LBFGS(list(parameters.values()), lr=rate, max_iter=3, max_eval=20, history_size=4,
                                      line_search_fn=search)

        def closure():
            total = 0.0
            for name, parameter in parameters.items():
                p, leaf = parameter.detach(), leaves[name]
                parameter.grad = gradient(p, leaf)
                total = total + (leaf["curvature"] * (p - leaf["target"]) ** 2 + torch.sin(p * 3) * 0.1).sum()
            return total

        records = []
        for call in range(1, 9):
            optimizer.step(closure)
            if call in [1, 2, 4, 8]:
                records.append({"step": call, **{n: numbers(p.detach()) for n, p in parameters.items()}})
        options = {"learningRate": rate, "search": search or "none"}
        yield {"kind": "lbfgs", "dtype": dtype_name, "options": options, "records": records}


def main():
    torch.set_num_threads(1)
    runs = []
    rules = sys.argv[1:] == ["rules"]
    for dtype in ["float32", "float64"]:
        makers = [rule_runs, muon_runs, lbfgs_runs] if rules else [sgd_runs, adam_runs, clipped_runs, scheduled_runs]
        for maker in makers:
            runs.extend(maker(dtype))
    print("{")
    print(f' "torch": "{torch.__version__}",')
    if not rules:
        print(' "clipping": ' + json.dumps(clipping()) + ",")
    print(' "runs": [')
    print(",\n".join("  " + json.dumps(r) for r in runs))
    print(" ]\n}")
    print(len(runs), "runs", file=sys.stderr)


if __name__ == "__main__":
    main()
