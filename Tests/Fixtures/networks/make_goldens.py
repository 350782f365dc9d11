"""Outputs and gradients of torch's layers for the parity tests of `Networks`, in double precision.

Run with torch 2.13.0:  python make_goldens.py > goldens.json

Inputs have the closed form `wave` that both sides evaluate, so that only results are stored. Every gradient is
that of sum(output * wave(output shape, 11)).
"""
import json
import math

import torch
import torch.nn.functional as F


def wave(shape, seed):
    """sin(0.7 i + seed) for i = 0, 1, ... in row-major order."""
    count = torch.Size(shape).numel()
    return torch.sin(torch.arange(count, dtype=torch.float64) * 0.7 + seed).reshape(shape)


def numbers(tensor):
    return [float("%.15g" % v) for v in tensor.detach().flatten().double().tolist()]


def case(output, /, **leaves):
    gradients = torch.autograd.grad((output * wave(output.shape, 11)).sum(), list(leaves.values()))
    return {"output": numbers(output), "shape": list(output.shape),
            "gradients": {n: numbers(g) for n, g in zip(leaves, gradients)}}


def leaf(shape, seed):
    return wave(shape, seed).requires_grad_()


def linear():
    x, w, b = leaf([2, 3, 4], 1), leaf([5, 4], 2), leaf([5], 3)
    return case(F.linear(x, w, b), input=x, weight=w, bias=b)


def embedding():
    w = leaf([6, 3], 1)
    return case(F.embedding(torch.tensor([[0, 5, 2], [2, 2, 1]]), w), weight=w)


def layer_norm():
    x, w, b = leaf([2, 3, 4], 1), leaf([4], 2), leaf([4], 3)
    return case(F.layer_norm(x, [4], w, b, 1e-5), input=x, weight=w, bias=b)


def rms_norm():
    x, w = leaf([2, 3, 4], 1), leaf([4], 2)
    return case(F.rms_norm(x, [4], w, 1e-6), input=x, weight=w)


def activations():
    functions = {
        "relu": F.relu, "gelu": F.gelu, "geluTanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu,
        "tanh": torch.tanh, "sigmoid": torch.sigmoid, "softplus": F.softplus, "elu": F.elu,
        "leakyReLU": lambda x: F.leaky_relu(x, 0.01), "identity": lambda x: x * 1,
    }
    result = {}
    for name, function in functions.items():
        x = (wave([9], 0.4) * 3).requires_grad_()
        result[name] = case(function(x), input=x)
    return result


def swiglu():
    x, gate, up, down = leaf([2, 3, 4], 1), leaf([6, 4], 2), leaf([6, 4], 3), leaf([4, 6], 4)
    return case(F.linear(F.silu(F.linear(x, gate)) * F.linear(x, up), down), input=x, gate=gate, up=up, down=down)


def multilayer_perceptron():
    x = leaf([3, 4], 1)
    w0, b0, w1, b1 = leaf([5, 4], 2), leaf([5], 3), leaf([2, 5], 4), leaf([2], 5)
    y = F.linear(torch.tanh(F.linear(x, w0, b0)), w1, b1)
    return case(y, input=x, weight0=w0, bias0=b0, weight1=w1, bias1=b1)


def rotate(x, positions, theta):
    """Rotary embedding in the half-split order of Llama; x [B, H, T, D], positions [B, T]."""
    half = x.shape[-1] // 2
    frequency = theta ** (-torch.arange(half, dtype=torch.float64) * 2 / x.shape[-1])
    angle = (positions.double()[..., None] * frequency)[:, None]
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * angle.cos() - second * angle.sin(), second * angle.cos() + first * angle.sin()], -1)


def rotary():
    x = leaf([2, 2, 3, 6], 1)
    positions = torch.tensor([[0, 1, 2], [7, 8, 9]])
    return case(rotate(x, positions, 10000.0), input=x)


def attention_kernel():
    result = {}
    kinds = [("plain", 4, False), ("causal", 4, True), ("grouped", 2, True), ("multiQuery", 1, False)]
    for name, key_heads, causal in kinds:
        q, k, v = leaf([2, 4, 5, 3], 1), leaf([2, key_heads, 5, 3], 2), leaf([2, key_heads, 5, 3], 3)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=key_heads != 4)
        result[name] = case(y, query=q, key=k, value=v)
    q, k, v = leaf([2, 4, 5, 3], 1), leaf([2, 4, 7, 3], 2), leaf([2, 4, 7, 3], 3)
    allowed = (torch.arange(7)[None] + torch.arange(5)[:, None]) % 3 != 0
    result["masked"] = case(F.scaled_dot_product_attention(q, k, v, attn_mask=allowed), query=q, key=k, value=v)
    return result


def attention_layer():
    """Four query heads, two key heads, head dimension 6, width 8; causal; rotary with theta 500."""
    x = leaf([2, 5, 8], 1)
    wq, wk, wv, wo = leaf([24, 8], 2), leaf([12, 8], 3), leaf([12, 8], 4), leaf([8, 24], 5)
    split = lambda t, heads: t.reshape(2, 5, heads, 6).transpose(1, 2)
    positions = torch.arange(5)[None].expand(2, 5)
    q = rotate(split(F.linear(x, wq), 4), positions, 500.0)
    k = rotate(split(F.linear(x, wk), 2), positions, 500.0)
    v = split(F.linear(x, wv), 2)
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
    y = F.linear(y.transpose(1, 2).reshape(2, 5, 24), wo)
    return case(y, input=x, query=wq, key=wk, value=wv, output=wo)


def initialisers():
    """Draws in float32 from a generator seeded with 7, one fresh generator each."""
    def draw(shape, fill):
        generator = torch.Generator().manual_seed(7)
        tensor = torch.empty(shape)
        fill(tensor, generator)
        return [float("%.9g" % v) for v in tensor.flatten().tolist()]

    init, shape = torch.nn.init, [5, 4]
    return {
        "normal": draw(shape, lambda t, g: init.normal_(t, 0.0, 0.02, generator=g)),
        "uniform": draw(shape, lambda t, g: init.uniform_(t, -0.3, 0.5, generator=g)),
        "xavierUniform": draw(shape, lambda t, g: init.xavier_uniform_(t, 2.0, generator=g)),
        "xavierNormal": draw(shape, lambda t, g: init.xavier_normal_(t, 1.0, generator=g)),
        "kaimingUniform": draw(shape, lambda t, g: init.kaiming_uniform_(t, a=math.sqrt(5), generator=g)),
        "kaimingNormal": draw(shape, lambda t, g: init.kaiming_normal_(t, nonlinearity="relu", generator=g)),
        "truncatedNormal": draw(shape, lambda t, g: init.trunc_normal_(t, 0.0, 1.0, -2.0, 2.0, generator=g)),
    }


def main():
    torch.set_num_threads(1)
    makers = [linear, embedding, layer_norm, rms_norm, activations, swiglu, multilayer_perceptron, rotary,
              attention_kernel, attention_layer, initialisers]
    print("{")
    print(f' "torch": "{torch.__version__}",')
    print(",\n".join(f' "{m.__name__}": {json.dumps(m())}' for m in makers))
    print("}")


if __name__ == "__main__":
    main()
