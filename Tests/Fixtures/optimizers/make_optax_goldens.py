"""Trajectories and schedules of optax for the parity tests of `Optimizers`.

Run with jax 0.10.2 and optax 0.2.8:  python make_optax_goldens.py > optax.json

The problem is that of make_goldens.py; `kind` says which transform, built on the Swift side with the same numbers.
"""
import json
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax

jax.config.update("jax_enable_x64", True)
SHAPES = {"weight": [3, 4], "bias": [5]}


def problem(dtype):
    leaves = {}
    for name, shape in SHAPES.items():
        index = np.arange(np.prod(shape), dtype=np.float64)
        leaves[name] = [jnp.array(x.reshape(shape), dtype) for x in
                        (np.cos(index + 0.5), 0.5 + 0.1 * index, np.sin(index + 1))]
    first = {n: leaf[0] for n, leaf in leaves.items()}

    def gradient(p):
        return {n: leaves[n][1] * (p[n] - leaves[n][2]) * 2 + jnp.cos(p[n] * 3) * 0.3 for n in p}

    return first, gradient


def numbers(x):
    digits = 17 if x.dtype == jnp.float64 else 9
    return [float(f"%.{digits}g" % v) for v in np.asarray(x, np.float64).ravel()]


def run(kind, transform, dtype="float64", steps=50, recorded=(1, 7, 50), change=None):
    first, gradient = problem(dtype)
    parameters, records = first, []
    state = transform.init(parameters)
    for step in range(1, steps + 1):
        gradients = gradient(parameters)
        if change is not None:
            gradients, state = change(step, gradients, state)
        updates, state = transform.update(gradients, state, parameters)
        parameters = optax.apply_updates(parameters, updates)
        if step in recorded:
            records.append({"step": step, **{n: numbers(parameters[n]) for n in SHAPES}})
    return {"kind": kind, "dtype": dtype, "options": {}, "records": records}


def lookahead():
    first, gradient = problem("float64")
    for restarts in [False, True]:
        transform = optax.lookahead(optax.adam(0.05), 4, 0.3, reset_state=restarts)
        parameters = optax.LookaheadParams.init_synced(first)
        state, records = transform.init(parameters), []
        for step in range(1, 51):
            updates, state = transform.update(gradient(parameters.fast), state, parameters)
            parameters = optax.apply_updates(parameters, updates)
            if step in (1, 7, 50):
                records.append({"step": step, **{n: numbers(parameters.fast[n]) for n in SHAPES}})
        yield {"kind": "lookaheadRestarting" if restarts else "lookahead", "dtype": "float64", "options": {},
               "records": records}


def spoiled(step, gradients, state):
    """Steps 3, 4 and 10 to 13 have a gradient that is not finite; the last of them is past the limit of three in a row."""
    if step in (3, 4, 10, 11, 12):
        gradients = {**gradients, "bias": gradients["bias"].at[2].set(jnp.nan if step % 2 else jnp.inf)}
    return gradients, state


def changed_rate(step, gradients, state):
    if step == 20:
        state.hyperparams["learning_rate"] = jnp.asarray(0.01)
        state.hyperparams["momentum"] = jnp.asarray(0.5)
    return gradients, state


def runs():
    mask = {"weight": True, "bias": False}
    for dtype in ["float32", "float64"]:
        yield run("lion", optax.lion(0.01, b1=0.8, b2=0.9, weight_decay=0.1), dtype)
        yield run("lamb", optax.lamb(0.02, weight_decay=0.1), dtype)
    yield run("maskedLion", optax.lion(0.01, weight_decay=0.2, mask=mask))
    yield from lookahead()
    yield run("average", optax.chain(optax.ema(0.9), optax.scale(-0.05)))
    yield run("biasedAverage", optax.chain(optax.ema(0.9, debias=False), optax.scale(-0.05)))
    yield run("applyIfFinite", optax.apply_if_finite(optax.adam(0.05), 3), change=spoiled, recorded=(3, 13, 50))
    steps = optax.MultiSteps(optax.adam(0.05), 3, accumulator_dtype=jnp.float64)
    yield run("accumulatedMean", steps.gradient_transformation(), recorded=(1, 3, 50))
    steps = optax.MultiSteps(optax.sgd(0.02, momentum=0.9), 3, use_grad_mean=False, accumulator_dtype=jnp.float64)
    yield run("accumulatedSum", steps.gradient_transformation(), recorded=(1, 3, 50))
    yield run("masked", optax.chain(optax.masked(optax.trace(0.9), mask), optax.scale(-0.02)))
    yield run("byGroup", optax.multi_transform(
        {"a": optax.adam(0.05), "b": optax.sgd(0.03, momentum=0.9)}, {"weight": "a", "bias": "b"}))
    yield run("injected", optax.inject_hyperparams(optax.sgd)(learning_rate=0.05, momentum=0.9), change=changed_rate)
    yield run("clippedGlobally", optax.chain(optax.clip_by_global_norm(0.5), optax.sgd(0.1)))
    yield run("clippedByRootMeanSquare", optax.chain(optax.clip_by_block_rms(0.2), optax.sgd(0.1)))
    yield run("clippedByValue", optax.chain(optax.clip(0.2), optax.sgd(0.1)))
    clip = optax.adaptive_grad_clip(0.2)

    def clip_rows(u, p):
        # optax has the outputs last, this problem first.
        flip = lambda t: {n: x.T for n, x in t.items()}
        return flip(clip.update(flip(u), clip.init(u), flip(p))[0])

    yield run("adaptiveClip", optax.chain(optax.stateless(clip_rows), optax.sgd(0.1)))
    yield run("trustRatio", optax.chain(optax.scale_by_trust_ratio(), optax.scale(-0.02)))
    yield run("epsilonRoot", optax.adam(0.05, eps=1e-4, eps_root=1e-2))
    yield run("epsilonRootW", optax.adamw(0.05, eps=1e-4, eps_root=1e-2, weight_decay=0.1))


def schedules():
    made = {
        "polynomial": optax.polynomial_schedule(1.0, 0.1, 2.0, 30, 5),
        "linear": optax.linear_schedule(0.0, 0.5, 20, 10),
        "exponential": optax.exponential_decay(1.0, 10, 0.5),
        "exponentialStaircase": optax.exponential_decay(1.0, 10, 0.5, transition_begin=5, staircase=True, end_value=0.1),
        "exponentialGrowth": optax.exponential_decay(0.1, 10, 1.5, transition_begin=3, end_value=0.3),
        "cosinePower": optax.cosine_decay_schedule(0.5, 40, alpha=0.1, exponent=2.0),
        "piecewise": optax.piecewise_constant_schedule(1.0, {10: 0.5, 30: 0.1}),
        "interpolatedLinear": optax.piecewise_interpolate_schedule("linear", 1.0, {10: 0.5, 30: 3.0}),
        "interpolatedCosine": optax.piecewise_interpolate_schedule("cosine", 1.0, {10: 0.5, 30: 3.0}),
        "oneCycleLinear": optax.linear_onecycle_schedule(40, 0.5),
        "oneCycleCosine": optax.cosine_onecycle_schedule(40, 0.5),
        "warmUpCosine": optax.warmup_cosine_decay_schedule(0.0, 0.5, 10, 40, end_value=0.05),
        "warmUpExponential": optax.warmup_exponential_decay_schedule(0.1, 0.5, 10, 5, 0.8, end_value=0.2),
        "warmUpConstant": optax.warmup_constant_schedule(0.1, 0.5, 10),
        "restarts": optax.sgdr_schedule([
            dict(init_value=0.0, peak_value=0.5, warmup_steps=5, decay_steps=20),
            dict(init_value=0.1, peak_value=0.3, warmup_steps=5, decay_steps=25)]),
        "joined": optax.join_schedules(
            [optax.constant_schedule(0.3), optax.linear_schedule(0.3, 0.0, 10), optax.constant_schedule(0.1)], [8, 30]),
    }
    steps = [0, 1, 4, 5, 7, 9, 10, 12, 19, 20, 25, 30, 31, 34, 40, 60]
    return {"steps": steps, "values": {n: [float(s(jnp.asarray(k))) for k in steps] for n, s in made.items()}}


def main():
    found = list(runs())
    print("{")
    print(f' "optax": "{optax.__version__}",')
    print(' "schedules": ' + json.dumps(schedules()) + ",")
    print(' "runs": [')
    print(",\n".join("  " + json.dumps(r) for r in found))
    print(" ]\n}")
    print(len(found), "runs", file=sys.stderr)


if __name__ == "__main__":
    main()
