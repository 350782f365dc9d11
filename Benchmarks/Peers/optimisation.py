"""The peers' side of `ludus bench optimisation`: TorchOpt 0.7.3, plain torch, higher, torch.func, and JAX.

Reads one JSON request a line ({"case": "CASE/PEER", "seconds": S}) and answers with one JSON line: CPU seconds and
wall seconds of one call (medians of five measurements, each as long as S), and a number that tells whether the peer
computed what the others did. Data and weights come from a hash of their index, the same here and in Swift.
"""
import json
import os
import statistics
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["OMP_NUM_THREADS"] = "1"

import functools
import warnings

import higher
import jax
import jax.numpy as jnp
import jaxopt
import numpy as np
import optax
import torch
import torch.nn.functional as F
import torchopt
from torch.func import functional_call, grad, vmap

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
jax.config.update("jax_enable_x64", True)


def uniform(stream, *shape):
    """Numbers in [0, 1) as float64, from a 32-bit hash of stream and index."""
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        x = np.arange(count, dtype=np.uint32) + np.uint32((stream * 0x9E3779B9) & 0xFFFFFFFF)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
    return (x.astype(np.float64) / 4294967296.0).reshape(shape)


def weights(sizes, stream):
    """Weights [out, in] and biases [out] of a perceptron, uniform in ±1 / √in."""
    result = []
    for layer, (a, b) in enumerate(zip(sizes, sizes[1:])):
        bound = 1 / np.sqrt(a)
        result.append((uniform(stream + 2 * layer, b, a) * 2 - 1) * bound)
        result.append((uniform(stream + 2 * layer + 1, b) * 2 - 1) * bound)
    return result


def single(arrays):
    return [torch.tensor(a, dtype=torch.float32) for a in arrays]


def norm(gradients):
    return float(sum(float((torch.as_tensor(np.asarray(g)).double() ** 2).sum()) for g in gradients) ** 0.5)


# Adam in place and differentiated.
ADAM_SIZES = {
    "14k": [16, 64, 64, 64, 64, 4],
    "269k": [16, 256, 256, 256, 256, 256, 4],
    "4m": [16, 1024, 1024, 1024, 1024, 1024, 4],
}


def adam_problem(size):
    parameters = weights(ADAM_SIZES[size], 1)
    gradients = [(uniform(101 + i, *p.shape) - 0.5) * 0.02 for i, p in enumerate(parameters)]
    return parameters, gradients


def adam_step(size, peer):
    parameters, gradients = adam_problem(size)
    p, g = single(parameters), single(gradients)
    if peer == "torchopt":
        optimizer = torchopt.adam(1e-3)
        values = [tuple(p)]
        state = [optimizer.init(values[0])]

        def call():
            updates, state[0] = optimizer.update(tuple(x.clone() for x in g), state[0], params=values[0], inplace=True)
            values[0] = torchopt.apply_updates(values[0], updates, inplace=True)

        return call
    if peer == "torch":
        for x, y in zip(p, g):
            x.requires_grad_()
            x.grad = y
        return torch.optim.Adam(p, 1e-3, fused=True).step
    if peer == "torch-flat":
        x, y = torch.cat([a.reshape(-1) for a in p]), torch.cat([a.reshape(-1) for a in g])
        m, v, step = torch.zeros_like(x), torch.zeros_like(x), torch.tensor(0.0)

        def call():
            step.add_(1)
            torch._fused_adam_(
                [x], [y], [m], [v], [], [step], lr=1e-3, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8,
                amsgrad=False, maximize=False, grad_scale=None, found_inf=None)

        return call
    optimizer = optax.adam(1e-3)
    jp, jg = [jnp.asarray(a, jnp.float32) for a in parameters], [jnp.asarray(a, jnp.float32) for a in gradients]

    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def step_(p, s, g):
        updates, s = optimizer.update(g, s, p)
        return optax.apply_updates(p, updates), s

    held = [(jp, optimizer.init(jp))]

    def call():
        held[0] = step_(*held[0], jg)
        jax.block_until_ready(held[0])

    return call


def adam_gradient(size, peer):
    """Three steps on Σ p² + g·p, then the gradient of Σ p² by the first parameters."""
    parameters, gradients = adam_problem(size)
    if peer == "torchopt":
        optimizer = torchopt.adam(1e-3, eps_root=1e-16)
        start, g = tuple(p.requires_grad_() for p in single(parameters)), single(gradients)

        def call():
            p, s = start, optimizer.init(start)
            for _ in range(3):
                updates, s = optimizer.update(tuple(x * 2 + y for x, y in zip(p, g)), s, params=p, inplace=False)
                p = torchopt.apply_updates(p, updates, inplace=False)
            return norm([x.detach() for x in torch.autograd.grad(sum((x * x).sum() for x in p), start)])

        return call
    optimizer = optax.adam(1e-3, eps_root=1e-16)
    jp, jg = [jnp.asarray(a, jnp.float32) for a in parameters], [jnp.asarray(a, jnp.float32) for a in gradients]

    def meta(p):
        s = optimizer.init(p)
        for _ in range(3):
            updates, s = optimizer.update([x * 2 + y for x, y in zip(p, jg)], s, p)
            p = optax.apply_updates(p, updates)
        return sum((x * x).sum() for x in p)

    compiled = jax.jit(jax.grad(meta))
    return lambda: norm(jax.block_until_ready(compiled(jp)))


# Model-agnostic meta-learning of sinusoids.
TASKS, SHOTS = 16, 10
PERCEPTRON = [1, 64, 64, 64, 1]


def sinusoids():
    amplitude, phase = 0.1 + 4.9 * uniform(901, TASKS, 1, 1), np.pi * uniform(902, TASKS, 1, 1)
    x, xq = 10 * uniform(903, TASKS, SHOTS, 1) - 5, 10 * uniform(904, TASKS, SHOTS, 1) - 5
    return x, amplitude * np.sin(x - phase), xq, amplitude * np.sin(xq - phase)


def forward(p, x):
    for i in range(0, len(p), 2):
        x = x @ p[i].transpose(-1, -2) + (p[i + 1].unsqueeze(-2) if p[i + 1].dim() == 2 else p[i + 1])
        if i < len(p) - 2:
            x = torch.relu(x)
    return x


def jax_forward(p, x):
    for i in range(0, len(p), 2):
        x = x @ p[i].T + p[i + 1]
        if i < len(p) - 2:
            x = jax.nn.relu(x)
    return x


def network(arrays):
    layers = []
    for i in range(0, len(arrays), 2):
        layer = torch.nn.Linear(arrays[i].shape[1], arrays[i].shape[0])
        layer.weight.data, layer.bias.data = arrays[i].clone(), arrays[i + 1].clone()
        layers += [layer] + ([torch.nn.ReLU()] if i < len(arrays) - 2 else [])
    return torch.nn.Sequential(*layers)


def task_loss(e):
    return e.mean((1, 2)).sum()


def maml(inner, peer, rate=0.01, steps=5):
    start, arrays = weights(PERCEPTRON, 1), sinusoids()
    x, y, xq, yq = single(arrays)
    net = network(single(start))
    initial = list(net.parameters())

    def finish(loss):
        return norm([g.detach() for g in torch.autograd.grad(loss / TASKS, initial)])

    def adam(p, g, m, v, t):
        m = [a * 0.9 + 0.1 * b for a, b in zip(m, g)]
        v = [a * 0.999 + 0.001 * b * b for a, b in zip(v, g)]
        c1, c2 = 1 - 0.9**t, 1 - 0.999**t
        return [a - rate * (b / c1) / ((c / c2 + 1e-16).sqrt() + 1e-8) for a, b, c in zip(p, m, v)], m, v

    if peer == "torchopt":
        kind = torchopt.MetaSGD if inner == "sgd" else functools.partial(torchopt.MetaAdam, eps_root=1e-16)

        def call():
            optimizer = kind(net, lr=rate)
            net_state, state = torchopt.extract_state_dict(net), torchopt.extract_state_dict(optimizer)
            total = 0
            for t in range(TASKS):
                for _ in range(steps):
                    optimizer.step(F.mse_loss(net(x[t]), y[t]))
                total = total + F.mse_loss(net(xq[t]), yq[t])
                torchopt.recover_state_dict(net, net_state)
                torchopt.recover_state_dict(optimizer, state)
            return finish(total)

        return call
    if peer == "higher":
        optimizer = (torch.optim.SGD if inner == "sgd" else torch.optim.Adam)(net.parameters(), rate)

        def call():
            total = 0
            for t in range(TASKS):
                with higher.innerloop_ctx(net, optimizer, copy_initial_weights=False) as (fast, steps_):
                    for _ in range(steps):
                        steps_.step(F.mse_loss(fast(x[t]), y[t]))
                    total = total + F.mse_loss(fast(xq[t]), yq[t])
            return finish(total)

        return call
    if peer == "torch":

        def call():
            p = [a.expand(TASKS, *a.shape) for a in initial]
            m = v = [torch.zeros_like(a) for a in p]
            for s in range(steps):
                g = torch.autograd.grad(task_loss((forward(p, x) - y) ** 2), p, create_graph=True)
                if inner == "sgd":
                    p = [a - rate * b for a, b in zip(p, g)]
                else:
                    p, m, v = adam(p, g, m, v, s + 1)
            return finish(task_loss((forward(p, xq) - yq) ** 2))

        return call
    if peer == "torch.func":

        def one(p, x, y, xq, yq):
            q, m, v = p, [torch.zeros_like(a) for a in p], [torch.zeros_like(a) for a in p]
            for s in range(steps):
                g = grad(lambda q: ((forward(q, x) - y) ** 2).mean())(q)
                if inner == "sgd":
                    q = [a - rate * b for a, b in zip(q, g)]
                else:
                    q, m, v = adam(q, g, m, v, s + 1)
            return ((forward(q, xq) - yq) ** 2).mean()

        values = [p.detach() for p in initial]
        meta = grad(lambda p: vmap(one, (None, 0, 0, 0, 0))(p, x, y, xq, yq).mean())
        return lambda: norm(meta(values))
    optimizer = optax.sgd(rate) if inner == "sgd" else optax.adam(rate, eps_root=1e-16)

    def one(p, x, y, xq, yq):
        s = optimizer.init(p)
        for _ in range(steps):
            g = jax.grad(lambda q: ((jax_forward(q, x) - y) ** 2).mean())(p)
            updates, s = optimizer.update(g, s, p)
            p = optax.apply_updates(p, updates)
        return ((jax_forward(p, xq) - yq) ** 2).mean()

    compiled = jax.jit(jax.grad(lambda p, *d: jax.vmap(one, (None, 0, 0, 0, 0))(p, *d).mean()))
    jp, data = [jnp.asarray(a, jnp.float32) for a in start], [jnp.asarray(a, jnp.float32) for a in arrays]
    return lambda: norm(jax.block_until_ready(compiled(jp, *data)))


# Implicit differentiation.
def ridge(peer):
    """The gradient of a validation loss by one log-penalty a feature; the solution itself comes from a dense solve."""
    n, d = 400, 100
    x, xv = uniform(11, n, d) * 2 - 1, uniform(12, n, d) * 2 - 1
    w = (uniform(13, d) * 2 - 1) * (uniform(14, d) < 0.2)
    y, yv = x @ w + uniform(15, n) - 0.5, xv @ w + uniform(16, n) - 0.5
    penalty = np.full(d, -1.0)
    if peer in ("torchopt", "torch"):
        X, Y, XV, YV = map(torch.tensor, (x, y, xv, yv))
        G, b = X.T @ X / n, X.T @ Y / n
        theta = torch.tensor(penalty).requires_grad_()

        def optimality(w, theta):
            return X.T @ (X @ w - Y) / n + theta.exp() * w

        def solution(w, theta):
            return torch.linalg.solve(G + torch.diag(theta.exp()), b)

        if peer == "torchopt":
            solve = torchopt.linear_solve.solve_cg()
            root = torchopt.diff.implicit.custom_root(optimality, argnums=1, solve=solve)(solution)
            zero = torch.zeros(d, dtype=torch.float64)
            return lambda: norm(torch.autograd.grad(((XV @ root(zero, theta) - YV) ** 2).mean() / 2, theta))

        def call():
            with torch.no_grad():
                w = solution(None, theta)
            v = XV.T @ (XV @ w - YV) / n
            leaf = w.detach().requires_grad_()
            residual = optimality(leaf, theta)
            u = torch.zeros_like(v)
            p = r = v.clone()
            square = r @ r
            tolerance = 1e-10 * square
            while square > tolerance:
                a_p = torch.autograd.grad(residual, leaf, p, retain_graph=True)[0]
                alpha = square / (p @ a_p)
                u, r = u + alpha * p, r - alpha * a_p
                next_ = r @ r
                p = r + next_ / square * p
                square = next_
            return norm(torch.autograd.grad(residual, theta, -u))

        return call
    X, Y, XV, YV = map(jnp.asarray, (x, y, xv, yv))
    G, b = X.T @ X / n, X.T @ Y / n
    root = jaxopt.implicit_diff.custom_root(
        lambda w, theta: X.T @ (X @ w - Y) / n + jnp.exp(theta) * w,
        solve=functools.partial(jaxopt.linear_solve.solve_cg, tol=1e-5),
    )(lambda w, theta: jnp.linalg.solve(G + jnp.diag(jnp.exp(theta)), b))
    compiled = jax.jit(jax.grad(lambda theta: ((XV @ root(jnp.zeros(d), theta) - YV) ** 2).mean() / 2))
    theta = jnp.asarray(penalty)
    return lambda: norm([jax.block_until_ready(compiled(theta))])


def imaml(peer, rate=0.02, steps=16, strength=2.0, solver_steps=5):
    start, arrays = weights(PERCEPTRON, 1), sinusoids()
    x, y, xq, yq = single(arrays)
    initial = [p.requires_grad_() for p in single(start)]
    if peer == "torchopt":

        def objective(p, m, x, y):
            distance = sum(((a - b) ** 2).sum() for a, b in zip(p, m))
            return ((forward(p, x) - y) ** 2).mean() + 0.5 * strength * distance

        solve = torchopt.linear_solve.solve_cg(maxiter=solver_steps, rtol=0.0)

        @torchopt.diff.implicit.custom_root(lambda p, m, x, y: grad(objective)(p, m, x, y), argnums=1, solve=solve)
        def adapted(p, m, x, y):
            with torch.enable_grad():
                p, m = [a.detach().requires_grad_() for a in p], [a.detach() for a in m]
                for _ in range(steps):
                    g = torch.autograd.grad(objective(p, m, x, y), p)
                    p = [(a - rate * b).detach().requires_grad_() for a, b in zip(p, g)]
            return tuple(p)

        def call():
            total = 0
            for t in range(TASKS):
                q = adapted(tuple(initial), tuple(initial), x[t], y[t])
                total = total + ((forward(q, xq[t]) - yq[t]) ** 2).mean()
            return norm(torch.autograd.grad(total / TASKS, initial))

        return call
    if peer == "torch":

        def call():
            m = [a.detach().expand(TASKS, *a.shape) for a in initial]

            def objective(p):
                distance = sum(((a - b) ** 2).sum() for a, b in zip(p, m))
                return task_loss((forward(p, x) - y) ** 2) + 0.5 * strength * distance

            def dot(a, b):
                return sum((s * t).flatten(1).sum(1) for s, t in zip(a, b))

            def scaled(c, a):
                return [c.view(-1, *([1] * (s.dim() - 1))) * s for s in a]

            p = [a.clone().requires_grad_() for a in m]
            for _ in range(steps):
                g = torch.autograd.grad(objective(p), p)
                p = [(a - rate * b).detach().requires_grad_() for a, b in zip(p, g)]
            v = torch.autograd.grad(task_loss((forward(p, xq) - yq) ** 2) / TASKS, p)
            g = torch.autograd.grad(objective(p), p, create_graph=True)
            u, r, q = [torch.zeros_like(s) for s in v], list(v), list(v)
            square = dot(r, r)
            for _ in range(solver_steps):
                a_q = torch.autograd.grad(g, p, q, retain_graph=True)
                alpha = square / dot(q, a_q)
                u = [a + b for a, b in zip(u, scaled(alpha, q))]
                r = [a - b for a, b in zip(r, scaled(alpha, a_q))]
                next_ = dot(r, r)
                q = [a + b for a, b in zip(r, scaled(next_ / square, q))]
                square = next_
            return norm([strength * a.sum(0) for a in u])

        return call

    def objective(p, m, x, y):
        distance = sum(((a - b) ** 2).sum() for a, b in zip(p, m))
        return ((jax_forward(p, x) - y) ** 2).mean() + 0.5 * strength * distance

    solve = functools.partial(jaxopt.linear_solve.solve_cg, maxiter=solver_steps, tol=0.0)

    @jaxopt.implicit_diff.custom_root(jax.grad(objective), solve=solve)
    def adapted(p, m, x, y):
        for _ in range(steps):
            p = [a - rate * b for a, b in zip(p, jax.grad(objective)(p, m, x, y))]
        return p

    def one(m, x, y, xq, yq):
        return ((jax_forward(adapted(m, m, x, y), xq) - yq) ** 2).mean()

    data = [jnp.asarray(a, jnp.float32) for a in arrays]
    compiled = jax.jit(jax.grad(lambda m: jax.vmap(one, (None, 0, 0, 0, 0))(m, *data).mean()))
    jp = [jnp.asarray(a, jnp.float32) for a in start]
    return lambda: norm(jax.block_until_ready(compiled(jp)))


# Zero-order gradients; the check is the projection on the true gradient, 1 where unbiased.
def zero_order(method, peer, samples=100, deviation=0.01):
    arrays = weights([16, 64, 64, 1], 1)
    xs, ys = uniform(21, 64, 16) * 2 - 1, uniform(22, 64, 1) * 2 - 1
    p = tuple(q.requires_grad_() for q in single(arrays))
    x, y = single([xs, ys])

    def loss(p):
        return ((forward(p, x) - y) ** 2).mean()

    true = torch.cat([g.flatten() for g in torch.autograd.grad(loss(p), p)]).numpy()

    def projection(gradients):
        found = np.concatenate([np.asarray(g).ravel() for g in gradients])
        return float(found @ true / (true @ true))

    if peer == "torchopt":
        function = torchopt.diff.zero_order.zero_order(
            lambda shape: torch.randn(shape), method=method, argnums=0, num_samples=samples, sigma=deviation)(loss)

        def call():
            torch.manual_seed(3)
            return projection(torch.autograd.grad(function(p), p))

        return call
    if peer == "torch":

        @torch.no_grad()
        def call():
            torch.manual_seed(3)
            noise = [torch.randn(samples, *a.shape) for a in p]
            if method == "antithetic":
                q = [torch.cat([a + deviation * e, a - deviation * e]) for a, e in zip(p, noise)]
            else:
                q = [a + deviation * e for a, e in zip(p, noise)]
            values = ((forward(q, x) - y) ** 2).mean((1, 2))
            if method == "antithetic":
                c = (values[:samples] - values[samples:]) / (2 * deviation)
            else:
                c = (values - loss(p)) / deviation
            return projection([(c @ e.flatten(1)).view(e.shape[1:]) / samples for e in noise])

        return call
    jx, jy = jnp.asarray(xs, jnp.float32), jnp.asarray(ys, jnp.float32)
    jp = [jnp.asarray(a, jnp.float32) for a in arrays]

    def jax_loss(p):
        return ((jax_forward(p, jx) - jy) ** 2).mean()

    @jax.jit
    def estimate(p, key):
        noise = [jax.random.normal(k, (samples,) + a.shape, jnp.float32) for k, a in zip(jax.random.split(key, len(p)), p)]

        def one(e):
            if method == "antithetic":
                up, down = [a + deviation * b for a, b in zip(p, e)], [a - deviation * b for a, b in zip(p, e)]
                return (jax_loss(up) - jax_loss(down)) / (2 * deviation)
            return (jax_loss([a + deviation * b for a, b in zip(p, e)]) - jax_loss(p)) / deviation

        c = jax.vmap(one)(noise)
        return [jnp.tensordot(c, e, 1) / samples for e in noise]

    key = jax.random.key(0)
    return lambda: projection(jax.block_until_ready(estimate(jp, key)))


def prepare(case, peer):
    name, _, variant = case.rpartition("-")
    makers = {
        "adam-step": adam_step, "adam-gradient": adam_gradient, "maml": maml, "zero-order": zero_order}
    if name in makers:
        return makers[name](variant, peer)
    return {"ridge": ridge, "imaml": imaml}[case](peer)


def measure(call, seconds):
    check = call()
    call()
    start = time.perf_counter()
    call()
    once = max(time.perf_counter() - start, 1e-7)
    count = max(1, int(seconds / once))
    cpu, wall = [], []
    for _ in range(5):
        c, w = time.process_time(), time.perf_counter()
        for _ in range(count):
            call()
        cpu.append((time.process_time() - c) / count)
        wall.append((time.perf_counter() - w) / count)
    check = check if isinstance(check, float) else None
    return {"seconds": statistics.median(cpu), "wall": statistics.median(wall), "check": check}


def main():
    ready = {}
    print(json.dumps({"ready": True, "version": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            name = request["case"]
            if name not in ready:
                case, _, peer = name.partition("/")
                ready[name] = prepare(case, peer)
            print(json.dumps(measure(ready[name], request["seconds"])), flush=True)
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)


main()
