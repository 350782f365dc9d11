import Optimizers
import Tensors
import Testing

/// A tree with a table of whole numbers beside its parameter.
private struct WithTable: TensorTree, Sendable {
    var weight = Tensor([1.0, 2.0], dtype: .float64)
    var table = Tensor([7, 8])

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("weight", &weight)
        visitor.visit("table", &table)
    }
}

@Suite struct TransformTests {
    private func numbers(_ values: Double...) -> Tensor { Tensor(values, dtype: .float64) }

    @Test func chainWorksFromFirstToLast() {
        let transform = chain {
            Scale(by: 10)
            ClipByValue(1)
            Scale(by: -0.5)
        }
        let tree = [numbers(0.01, 0.2, -3)]
        let (updates, state) = transform.update(
            tree, state: transform.initialState(for: tree), parameters: tree)
        #expect(updates[0].isClose(to: numbers(-0.05, -0.5, 0.5)))
        #expect(state.second.step == 1)
        #expect(state.first.first.step == 1)
    }

    @Test func chainOfOneIsThatOne() {
        let transform = chain { Scale(by: 2) }
        #expect(transform.update([numbers(3)], state: StepState(), parameters: [numbers(0)]).updates[0].item() == 6)
    }

    @Test func weightDecayPlusScaleIsSGD() {
        let pieces = chain {
            AddDecayedWeights(0.3, where: .matrices)
            Scale(by: -0.1)
        }
        let whole = SGD(learningRate: 0.1, weightDecay: 0.3, decayMask: .matrices)
        let problem = Problem(dtype: .float64)
        let gradients = problem.gradient(at: problem.start)
        let a = pieces.update(gradients, state: pieces.initialState(for: gradients), parameters: problem.start).updates
        let b = whole.update(gradients, state: whole.initialState(for: gradients), parameters: problem.start).updates
        #expect(a.weight.array(of: Double.self) == b.weight.array(of: Double.self))
        #expect(a.bias.array(of: Double.self) == b.bias.array(of: Double.self))
    }

    @Test func maskedPassesOthersThroughOrFreezesThem() {
        let tree = ["a": numbers(1), "b": numbers(2)]
        let chosen = ParameterMask { name, _ in name == "b" }
        for (others, expected) in [(Masked<SGD>.Others.passThrough, 1.0), (.freeze, 0.0)] {
            let transform = Masked(SGD(learningRate: 0.5, momentum: 0.9), where: chosen, others: others)
            let state = transform.initialState(for: tree)
            #expect(state.buffers?.names == ["b"])
            let updates = transform.update(tree, state: state, parameters: tree).updates
            #expect(updates["a"]?.item() == expected)
            #expect(updates["b"]?.item() == -1)
        }
        let rest = Masked(Scale(by: 3), where: !chosen)
        #expect(rest.update(tree, state: rest.initialState(for: tree), parameters: tree).updates["a"]?.item() == 3)
    }

    @Test func wholeNumbersAreNoParameters() {
        let optimizer = AdamW(learningRate: 0.1)
        var tree = WithTable()
        var state = optimizer.initialState(for: tree)
        #expect(state.firstMoments.names == ["weight"])
        let gradients = grad(at: tree) { ($0.weight * $0.weight).sum() }
        optimizer.step(&tree, gradients: gradients, state: &state)
        #expect(tree.table.array(of: Int.self) == [7, 8])
        #expect(tree.table.dtype == .int64)
        let trainer = FusedAdam(optimizer, model: WithTable())
        trainer.step(gradients)
        #expect(trainer.snapshot().table.array(of: Int.self) == [7, 8])
        #expect(trainer.snapshot().weight.isClose(to: tree.weight, relative: 1e-14))
    }

    @Test func schedulesCountUpdates() {
        let transform = Scale(by: .scheduled(Schedule { Double($0) }))
        var state = StepState()
        var seen: [Double] = []
        for _ in 0..<3 {
            let (updates, next) = transform.update([numbers(1)], state: state, parameters: [numbers(0)])
            seen.append(updates[0].item())
            state = next
        }
        #expect(seen == [0, 1, 2])
    }

    @Test func hyperparametersHaveValues() {
        #expect((0.5 as Hyperparameter).value(at: 9) == 0.5)
        #expect((2 as Hyperparameter).value(at: 9) == 2)
        #expect(Hyperparameter.scheduled(.linear(from: 0, to: 10, steps: 10)).value(at: 4) == 4)
        #expect(Hyperparameter.tensor(numbers(3)).value(at: 0) == 3)
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) {
            let optimizer = SGD(learningRate: 1)
            let (a, b) = (["a": Tensor.zeros([1])], ["b": Tensor.zeros([1])])
            _ = optimizer.update(a, state: optimizer.initialState(for: b), parameters: b)
        }
        await #expect(processExitsWith: .failure) { _ = SGD(learningRate: 1, nesterov: true) }
        await #expect(processExitsWith: .failure) {
            _ = SGD(learningRate: 1, momentum: 0.9, dampening: 0.1, nesterov: true)
        }
        await #expect(processExitsWith: .failure) { _ = AdamOptions(firstMomentDecay: 1) }
        await #expect(processExitsWith: .failure) { _ = ClipByGlobalNorm(0) }
        await #expect(processExitsWith: .failure) { _ = ParameterList(names: ["a"], tensors: []) }
    }
}
