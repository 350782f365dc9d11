import Optimizers
import Tensors

/// x³ + x eᵗ = 1, an equation for a scalar: the case of TorchOpt's issues 222 and 223.
func cubicRoot(_ t: Tensor, options: ImplicitOptions<Tensor> = ImplicitOptions()) -> Tensor {
    root(of: { x, t in x * x * x + x * t.exp() - 1 }, at: t, options: options) { t in
        var x = Tensor(0.5, dtype: .float64)
        for _ in 0..<60 { x = x - (x * x * x + x * t.exp() - 1) / (x * x * 3 + t.exp()) }
        return x
    }
}

/// A system of two trees, not symmetric, with parameters that meet the unknowns.
func pairSystem(
    _ x: Pair<Tensor, Tensor>, _ p: Pair<Tensor, Tensor>
) -> Pair<Tensor, Tensor> {
    Pair(
        x.first * 3.0 + (p.first * x.first.rolled(by: 1, dimension: 0)).tanh() + x.second * p.second,
        x.second * 2.0 + (x.first * x.first * p.first).sum() * 0.1 - p.second.exp())
}

func pairRoot(
    _ p: Pair<Tensor, Tensor>, _ options: ImplicitOptions<Pair<Tensor, Tensor>> = ImplicitOptions()
) -> ImplicitSolution<Pair<Tensor, Tensor>> {
    let start = Pair(Tensor.zeros([4], dtype: .float64), Tensor.zeros([], dtype: .float64))
    return root(of: pairSystem, at: p, from: start, solver: NewtonMethod(tolerance: 1e-13), options: options)
}
