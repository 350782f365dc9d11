import CTorch

/// Numbers of one out-of-place Adam step.
package struct AdamDirectionOptions: Sendable {
    /// β₁ in `[0, 1)`.
    package var beta1: Double
    /// β₂ in `[0, 1)`.
    package var beta2: Double
    /// ε ≥ 0, added to the root.
    package var epsilon: Double
    /// ε₀ ≥ 0, added under the root.
    package var epsilonRoot: Double
    /// Multiplies the directions.
    package var scale: Double
    /// t ≥ 1.
    package var step: Int

    /// One step's numbers.
    package init(beta1: Double, beta2: Double, epsilon: Double, epsilonRoot: Double, scale: Double, step: Int) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.epsilonRoot = epsilonRoot
        self.scale = scale
        self.step = step
    }
}

/// Directions of Adam with the moments that they come from.
package struct AdamDirections: Sendable {
    /// Scaled directions, one a parameter.
    package var directions: [Tensor]
    /// New first moments.
    package var first: [Tensor]
    /// New second moments.
    package var second: [Tensor]
    /// New largest second moments, nil when none were given.
    package var largest: [Tensor]?

    /// Directions of Adam for a list of tensors; differentiable any number of times in all four lists.
    ///
    /// direction = scale / (1 − β₁ᵗ) · m / (√(d / (1 − β₂ᵗ) + ε₀) + ε), d being v, or the largest v so far.
    /// Where d / (1 − β₂ᵗ) + ε₀ is 0 the root's derivative is taken as 0. Plain float32 and float64 tensors in memory
    /// are passed over once forward and once backward; all else is composed of tensor operations.
    package init(
        gradients: [Tensor], first: [Tensor], second: [Tensor], largest: [Tensor]?, options: AdamDirectionOptions
    ) {
        let count = gradients.count
        precondition(
            [first, second, largest ?? first].allSatisfy { $0.count == count },
            "Tensors: adam got lists of different lengths")
        let numbers = CTAdamDirection(
            beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon, epsilon_root: options.epsilonRoot,
            scale: options.scale, step: options.step)
        let results = withPointers(gradients) { g in
            withPointers(first) { m in
                withPointers(second) { v in
                    withPointers(largest ?? []) { most in
                        callForMany("adam", count: count * (largest == nil ? 3 : 4), operands: gradients) {
                            ct_adam_directions(g, m, v, largest == nil ? nil : most, count, numbers, $0, $1)
                        }
                    }
                }
            }
        }.compactMap { $0 }
        directions = Array(results[..<count])
        self.first = Array(results[count..<(2 * count)])
        self.second = Array(results[(2 * count)..<(3 * count)])
        self.largest = largest == nil ? nil : Array(results[(3 * count)...])
    }
}

extension Tensor {
    /// x + y for each pair of two lists, in one call.
    package static func sums(_ x: [Tensor], _ y: [Tensor]) -> [Tensor] {
        precondition(x.count == y.count, "Tensors: sums got \(x.count) and \(y.count) tensors")
        return withPointers(x) { a in
            withPointers(y) { b in
                callForMany("+", count: x.count, operands: x) { ct_list_add(a, b, x.count, $0, $1) }
            }
        }.compactMap { $0 }
    }
}
