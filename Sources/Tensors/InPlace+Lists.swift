import CTorch

/// Hyperparameters of one Adam step.
package struct AdamStep: Sendable {
    /// α, above 0.
    package var learningRate: Double
    /// β₁ in `[0, 1)`.
    package var beta1: Double
    /// β₂ in `[0, 1)`.
    package var beta2: Double
    /// λ, at least 0.
    package var weightDecay: Double
    /// ε, above 0.
    package var epsilon: Double
    /// Whether the decay acts on the parameters (AdamW) or is added to the gradients (Adam).
    package var isDecoupled: Bool
    /// Whether to go up.
    package var maximizes: Bool

    /// One step's hyperparameters.
    package init(
        learningRate: Double, beta1: Double, beta2: Double, weightDecay: Double, epsilon: Double, isDecoupled: Bool,
        maximizes: Bool = false
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.weightDecay = weightDecay
        self.epsilon = epsilon
        self.isDecoupled = isDecoupled
        self.maximizes = maximizes
    }
}

// One call for a whole list of tensors.
extension InPlace {
    /// One Adam or AdamW step on every parameter, in one pass over its memory.
    ///
    /// Sources: Kingma & Ba 2015, arXiv:1412.6980, algorithm 1; Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2.
    ///
    /// - Parameters:
    ///   - parameters: written.
    ///   - gradients: of the shapes of the parameters.
    ///   - first: first moments, written.
    ///   - second: second moments, written.
    ///   - steps: a float32 scalar for each parameter, how many steps came before *and* this one: add 1 first.
    ///   - options: the same for all.
    package static func adam(
        parameters: [Tensor], gradients: [Tensor], first: [Tensor], second: [Tensor], steps: [Tensor], options: AdamStep
    ) {
        let count = parameters.count
        precondition(
            [gradients, first, second, steps].allSatisfy { $0.count == count },
            "Tensors: adam got lists of different lengths")
        if count == 0 { return }
        let numbers = CTAdam(
            learning_rate: options.learningRate, beta1: options.beta1, beta2: options.beta2,
            weight_decay: options.weightDecay, epsilon: options.epsilon, decoupled: options.isDecoupled, amsgrad: false,
            maximize: options.maximizes)
        withPointers(parameters) { p in
            withPointers(gradients) { g in
                withPointers(first) { m in
                    withPointers(second) { v in
                        withPointers(steps) { t in
                            perform("InPlace.adam", parameters) {
                                ct_fused_adam(p, g, m, v, nil, t, count, numbers, $0)
                            }
                        }
                    }
                }
            }
        }
    }

    /// targets ← targets + scale · others.
    package static func add(_ targets: [Tensor], _ others: [Tensor], scale: Double = 1) {
        precondition(targets.count == others.count, "Tensors: add got lists of different lengths")
        if targets.isEmpty { return }
        withPointers(targets) { x in
            withPointers(others) { y in
                perform("InPlace.add", targets) { ct_foreach_add(x, y, targets.count, scale, $0) }
            }
        }
    }

    /// targets ← targets · value.
    package static func multiply(_ targets: [Tensor], _ value: Double) {
        if targets.isEmpty { return }
        withPointers(targets) { x in
            perform("InPlace.multiply", targets) { ct_foreach_mul(x, targets.count, value, $0) }
        }
    }

    /// targets ← targets · value, a scalar tensor.
    package static func multiply(_ targets: [Tensor], _ value: Tensor) {
        if targets.isEmpty { return }
        withPointers(targets) { x in
            perform("InPlace.multiply", targets + [value]) {
                ct_foreach_mul_tensor(x, targets.count, value.handle.pointer, $0)
            }
        }
    }

    /// targets ← (1 − weight) targets + weight · others.
    package static func interpolate(_ targets: [Tensor], to others: [Tensor], weight: Double) {
        precondition(targets.count == others.count, "Tensors: interpolate got lists of different lengths")
        if targets.isEmpty { return }
        withPointers(targets) { x in
            withPointers(others) { y in
                perform("InPlace.interpolate", targets) { ct_foreach_lerp(x, y, targets.count, weight, $0) }
            }
        }
    }
}

extension Tensor {
    /// The norm of each tensor of a list, in one call: scalars.
    public static func norms(_ tensors: [Tensor], order: Double = 2) -> [Tensor] {
        if tensors.isEmpty { return [] }
        return withPointers(tensors) { x in
            callForMany("norms", count: tensors.count, operands: tensors) {
                ct_foreach_norm(x, tensors.count, order, $0, $1)
            }
        }.compactMap { $0 }
    }
}
