"""Python torch's side of `ludus bench tensors`.

Reads one JSON request a line ({"case": NAME, "seconds": S}) and answers with one JSON line holding the CPU
seconds of one call: the median of seven measurements, each as long as S. An unknown case answers with an error.
"""
import json
import statistics
import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(0)


def add(requires_grad):
    a = torch.randn(8, 8, requires_grad=requires_grad)
    b = torch.randn(8, 8)
    return lambda: a + b


def add_in_scope():
    a, b = torch.randn(8, 8, requires_grad=True), torch.randn(8, 8)

    def call():
        with torch.no_grad():
            a + b

    return call


def product_gradient():
    a, b = torch.randn(8, 8, requires_grad=True), torch.randn(8, 8, requires_grad=True)
    return lambda: torch.autograd.grad((a * b).sum(), (a, b))


def policy_weights():
    sizes = [(64, 17), (64, 64), (6, 64)]
    weights = []
    for rows, columns in sizes:
        weights += [torch.randn(rows, columns) * 0.1, torch.zeros(rows)]
    return [w.requires_grad_() for w in weights]


def policy(weights, x):
    x = torch.tanh(torch.nn.functional.linear(x, weights[0], weights[1]))
    x = torch.tanh(torch.nn.functional.linear(x, weights[2], weights[3]))
    return torch.nn.functional.linear(x, weights[4], weights[5])


def policy_forward(batch):
    weights, x = policy_weights(), torch.randn(batch, 17)

    def call():
        with torch.no_grad():
            policy(weights, x)

    return call


def policy_gradient():
    weights, x = policy_weights(), torch.randn(64, 17)
    y = torch.randn(64, 6)
    return lambda: torch.autograd.grad(((policy(weights, x) - y) ** 2).mean(), weights)


def adam_only():
    weights = policy_weights()
    optimizer = torch.optim.AdamW(weights, lr=1e-3, weight_decay=0.0, fused=True)
    for w in weights:
        w.grad = torch.randn_like(w)
    return optimizer.step


def train_step():
    weights, x = policy_weights(), torch.randn(64, 17)
    y = torch.randn(64, 6)
    optimizer = torch.optim.AdamW(weights, lr=1e-3, weight_decay=0.0, fused=True)

    def call():
        optimizer.zero_grad()
        ((policy(weights, x) - y) ** 2).mean().backward()
        optimizer.step()

    return call


def transformer_step():
    width, heads, layers, length, batch = 256, 4, 2, 256, 8
    functional = torch.nn.functional

    def parameter(*shape):
        return (torch.randn(*shape) * 0.02).requires_grad_()

    blocks = [
        dict(
            norm1=torch.ones(width).requires_grad_(), qkv=parameter(3 * width, width), out=parameter(width, width),
            norm2=torch.ones(width).requires_grad_(), up=parameter(4 * width, width), down=parameter(width, 4 * width))
        for _ in range(layers)
    ]
    parameters = [p for block in blocks for p in block.values()]
    x, target = torch.randn(batch, length, width), torch.randn(batch, length, width)
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0.0, fused=True)

    def call():
        optimizer.zero_grad()
        h = x
        for block in blocks:
            n = functional.rms_norm(h, (width,), block["norm1"], 1e-6)
            q, k, v = functional.linear(n, block["qkv"]).chunk(3, dim=-1)
            q, k, v = (t.view(batch, length, heads, -1).transpose(1, 2) for t in (q, k, v))
            a = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            h = h + functional.linear(a.transpose(1, 2).reshape(batch, length, width), block["out"])
            n = functional.rms_norm(h, (width,), block["norm2"], 1e-6)
            h = h + functional.linear(functional.silu(functional.linear(n, block["up"])), block["down"])
        ((h - target) ** 2).mean().backward()
        optimizer.step()

    return call


def meta_gradient():
    weights, x = policy_weights(), torch.randn(64, 17)
    y = torch.randn(64, 6)

    def call():
        fast = weights
        for _ in range(5):
            loss = ((policy(fast, x) - y) ** 2).mean()
            gradients = torch.autograd.grad(loss, fast, create_graph=True)
            fast = [w - 0.1 * g for w, g in zip(fast, gradients)]
        torch.autograd.grad(((policy(fast, x) - y) ** 2).mean(), weights)

    return call


def product(size, dtype):
    a, b = torch.randn(size, size).to(dtype), torch.randn(size, size).to(dtype)
    return lambda: a @ b


CASES = {
    "add": lambda: add(False),
    "add-recorded": lambda: add(True),
    "add-in-scope": add_in_scope,
    "product-gradient": product_gradient,
    "policy-forward-1": lambda: policy_forward(1),
    "policy-forward-64": lambda: policy_forward(64),
    "policy-gradient-64": policy_gradient,
    "adam-step": adam_only,
    "train-step-64": train_step,
    "transformer-step": transformer_step,
    "meta-gradient-5": meta_gradient,
    "matmul-1024-float32": lambda: product(1024, torch.float32),
    "matmul-1024-bfloat16": lambda: product(1024, torch.bfloat16),
}


def measure(call, seconds):
    for _ in range(3):
        call()
    start = time.process_time()
    call()
    once = max(time.process_time() - start, 1e-7)
    count = max(1, int(seconds / once))
    results = []
    for _ in range(7):
        start = time.process_time()
        for _ in range(count):
            call()
        results.append((time.process_time() - start) / count)
    return statistics.median(results)


def main():
    ready = {}
    print(json.dumps({"ready": True, "version": torch.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        name = request["case"]
        if name not in CASES:
            print(json.dumps({"error": f"no case {name}"}), flush=True)
            continue
        if name not in ready:
            ready[name] = CASES[name]()
        print(json.dumps({"seconds": measure(ready[name], request["seconds"])}), flush=True)


main()
