import Optimizers
import Tensors
import Testing

/// One rule of the grid, with its type erased: builds with a learning rate, and runs three steps.
struct RuleCase: Sendable, CustomStringConvertible {
    let description: String

    /// Loss after three steps from parameters with a learning rate and, if given, moments to start from.
    let loss: @Sendable (Leaves, Tensor, [Tensor]?) -> Tensor

    /// Moments after one step, to differentiate from.
    let moments: @Sendable () -> [Tensor]

    init<Rule: GradientTransform>(_ name: String, _ make: @escaping @Sendable (Hyperparameter) -> Rule) {
        description = name
        let problem = Problem(dtype: .float64)
        let first: @Sendable () -> Rule.State = {
            let rule = make(0.05)
            return rule.update(
                problem.gradient(at: problem.start), state: rule.initialState(for: problem.start),
                parameters: problem.start
            ).state
        }
        moments = { first().tensors }
        loss = { start, rate, moments in
            let rule = make(.tensor(rate))
            var parameters = start
            var state = moments.map { first().replacingTensors(with: $0) } ?? rule.initialState(for: start)
            for _ in 0..<3 {
                let gradients = grad(at: parameters, createGraph: true) { problem.loss($0) }
                rule.step(&parameters, gradients: gradients, state: &state)
            }
            return problem.loss(parameters)
        }
    }

    static let all: [RuleCase] = [
        RuleCase("SGD") { SGD(learningRate: $0, momentum: 0.9, dampening: 0.3, weightDecay: 0.1) },
        RuleCase("SGD, Nesterov") { SGD(learningRate: $0, momentum: 0.9, nesterov: true) },
        RuleCase("Adam") { Adam(learningRate: $0, weightDecay: 0.1) },
        RuleCase("Adam, large epsilon") { Adam(learningRate: $0, options: AdamOptions(epsilon: 1e-2)) },
        RuleCase("Adam, epsilonRoot") { Adam(learningRate: $0, options: AdamOptions(epsilonRoot: 1e-2)) },
        RuleCase("Adam, both") { Adam(learningRate: $0, options: AdamOptions(epsilon: 0.1, epsilonRoot: 0.1)) },
        RuleCase("AdamW, amsgrad") { AdamW(learningRate: $0, options: AdamOptions(amsgrad: true)) },
        RuleCase("AdaMax") { AdaMax(learningRate: $0) },
        RuleCase("AdaDelta") { AdaDelta(learningRate: $0, epsilon: 1e-3) },
        RuleCase("AdaGrad") { AdaGrad(learningRate: $0, rateDecay: 0.1) },
        RuleCase("RAdam") { RAdam(learningRate: $0, options: AdamOptions(secondMomentDecay: 0.9)) },
        RuleCase("RAdam, rectified") {
            RAdam(learningRate: $0, options: AdamOptions(firstMomentDecay: 0.5, secondMomentDecay: 0.999))
        },
        RuleCase("RMSProp") { RMSProp(learningRate: $0) },
        RuleCase("RMSProp, centred") { RMSProp(learningRate: $0, epsilon: 1e-3, momentum: 0.9, isCentred: true) },
        RuleCase("Muon") { Masked(Muon(learningRate: $0), where: .matrices) },
        RuleCase("Lion") { Lion(learningRate: $0, weightDecay: 0.1) },
        RuleCase("LAMB") { LAMB(learningRate: $0, weightDecay: 0.1) },
        RuleCase("Lookahead") { Lookahead(Adam(learningRate: $0), period: 2) },
        RuleCase("Clipping") { rate in
            chain {
                ClipByGlobalNorm(1)
                Adam(learningRate: rate)
            }
        },
    ]
}

/// Gradients through three steps of every rule equal central differences in double precision.
@Suite struct RuleGradientTests {
    private let problem = Problem(dtype: .float64)
    private let rate = Tensor(0.05, dtype: .float64)

    @Test(arguments: RuleCase.all)
    func byLearningRate(rule: RuleCase) {
        check("rate", at: [rate]) { rule.loss(problem.start, $0[0], nil) }
    }

    @Test(arguments: RuleCase.all)
    func byStart(rule: RuleCase) {
        check("start", at: problem.start) { rule.loss($0, rate, nil) }
    }

    @Test(arguments: RuleCase.all)
    func byInitialMoments(rule: RuleCase) {
        check("moments", at: rule.moments()) { rule.loss(problem.start, rate, $0) }
    }

    /// The derivative along a line of the derivative by the start equals differences of first derivatives.
    @Test(arguments: RuleCase.all.filter { ["SGD", "Adam", "Adam, both"].contains($0.description) })
    func secondOrder(rule: RuleCase) {
        func slope(_ start: Leaves, createGraph: Bool) -> Tensor {
            let gradient = grad(at: start, createGraph: createGraph) { rule.loss($0, rate, nil) }
            return (gradient.weight * gradient.weight).sum() + (gradient.bias * gradient.bias).sum()
        }
        check("second", at: problem.start, { slope($0, createGraph: true) }, values: { slope($0, createGraph: false) })
    }

    /// At a gradient of zero the derivative is a number, with epsilonRoot 0 and epsilon as usual.
    @Test func atZeroGradient() {
        for options in [AdamOptions(), AdamOptions(epsilon: 1e-2), AdamOptions(epsilonRoot: 1e-2)] {
            let gradient = grad(at: [Tensor([0.0, 1.0], dtype: .float64)]) { start in
                let adam = Adam(learningRate: 0.1, options: options)
                var (parameters, state) = (start, adam.initialState(for: start))
                for _ in 0..<3 {
                    let slope = grad(at: parameters, createGraph: true) { ($0[0] * $0[0]).sum() }
                    adam.step(&parameters, gradients: slope, state: &state)
                }
                return (parameters[0] * parameters[0]).sum()
            }
            #expect(gradient[0].array(of: Double.self).allSatisfy { $0.isFinite }, "\(options)")
        }
    }

    /// A value of SGD with dampening used twice takes the same steps twice: nothing is kept in it.
    @Test func dampeningIsNoHiddenState() {
        let optimizer = SGD(learningRate: 0.1, momentum: 0.9, dampening: 0.5)
        func run() -> [Double] {
            var place = [Tensor([0.0], dtype: .float64)]
            var state = optimizer.initialState(for: place)
            return (0..<3).map { _ in
                optimizer.step(&place, gradients: [Tensor([1.0], dtype: .float64)], state: &state)
                return place[0].array(of: Double.self)[0]
            }
        }
        let (first, second) = (run(), run())
        #expect(first == second)
        // Buffers 1, 0.9 + 0.5 = 1.4, 1.26 + 0.5 = 1.76.
        for (ours, right) in zip(first, [-0.1, -0.24, -0.416]) { #expect(abs(ours - right) < 1e-15) }
    }

    /// Central differences with two steps and Richardson's extrapolation: h⁴ of 1e-12 times fifth derivatives, and
    /// rounding of 1e-16 / h = 1e-13, times functions up to 10: together far below 1e-6.
    private func check<Tree: TensorTree>(
        _ name: String, at tree: Tree, _ function: (Tree) -> Tensor
    ) {
        check(name, at: tree, function, values: function)
    }

    private func check<Tree: TensorTree>(
        _ name: String, at tree: Tree, _ function: (Tree) -> Tensor, values: (Tree) -> Tensor
    ) {
        let gradient = grad(at: tree, function).flattened()
        let leaves = tree.tensors
        for (index, leaf) in leaves.enumerated() {
            let numbers = leaf.array(of: Double.self)
            let ours = gradient[index].tensor.array(of: Double.self)
            for element in Set([0, numbers.count / 2, numbers.count - 1]) {
                func difference(_ h: Double) -> Double {
                    func shifted(_ amount: Double) -> Double {
                        var changed = numbers
                        changed[element] += amount
                        var tensors = leaves
                        tensors[index] = Tensor(changed, shape: leaf.shape, dtype: .float64)
                        return values(tree.replacingTensors(with: tensors)).item()
                    }
                    return (shifted(h) - shifted(-h)) / (2 * h)
                }
                let h = min(1e-4, max(1e-7, abs(numbers[element]) * 1e-2))
                let reference = (4 * difference(h / 2) - difference(h)) / 3
                #expect(
                    abs(ours[element] - reference) <= 1e-6 * (1 + abs(reference)),
                    "\(name) \(gradient[index].path)[\(element)]: \(ours[element]), difference \(reference)")
            }
        }
    }
}
