import Optimizers
import Tensors
import Testing

/// What wrappers do beyond what optax's goldens show.
@Suite struct WrapperTests {
    private func numbers(_ values: Double...) -> [Tensor] { [Tensor(values, dtype: .float64)] }

    @Test func errorsPastTheLimitGoThrough() {
        let transform = ApplyIfFinite(Scale(by: 1), maximumErrors: 2)
        let start = numbers(0)
        var state = transform.initialState(for: start)
        var seen: [Double] = []
        for value in [1, .nan, .infinity, .nan, 2] {
            let (updates, next) = transform.update(numbers(value), state: state, parameters: start)
            seen.append(updates[0].item())
            state = next
        }
        #expect(seen[0...2] == [1, 0, 0])
        #expect(seen[3].isNaN)
        #expect(seen[4] == 2)
        #expect(state.errors == 0)
        #expect(state.totalErrors == 3)
        // Two finite steps and the one past the limit.
        #expect(state.inner.step == 3)
    }

    @Test func replacedElementsHaveNoDerivative() {
        let transform = ReplaceNonFinite(notANumber: 7, negativeInfinity: -1)
        let values = numbers(.nan, .infinity, -.infinity, 3)
        let updates = transform.update(values, state: EmptyState(), parameters: values).updates
        #expect(updates[0].array(of: Double.self) == [7, .greatestFiniteMagnitude, -1, 3])
        let gradient = grad(at: values) { tree in
            transform.update(tree, state: EmptyState(), parameters: tree).updates[0].sum()
        }
        #expect(gradient[0].array(of: Double.self) == [0, 0, 0, 1])
        for (dtype, largest) in [(DType.float32, Double(Float.greatestFiniteMagnitude)), (.float16, 65504)] {
            let tree = [Tensor([Double.infinity]).to(dtype)]
            #expect(ReplaceNonFinite().update(tree, state: EmptyState(), parameters: tree).updates[0].item() == largest)
        }
    }

    /// Without a wrapper a gradient that is not a number stays in its own parameter, for good.
    @Test func notANumberStaysInItsParameter() throws {
        let adam = Adam(learningRate: 0.1)
        var tree = ["a": Tensor([1.0]), "b": Tensor([1.0])]
        var state = adam.initialState(for: tree)
        adam.step(&tree, gradients: ["a": Tensor([Double.nan]), "b": Tensor([1.0])], state: &state)
        adam.step(&tree, gradients: ["a": Tensor([1.0]), "b": Tensor([1.0])], state: &state)
        #expect(tree["a"]?.item().isNaN == true)
        #expect(abs(try #require(tree["b"]).item() - 0.8) < 1e-6)
    }

    @Test func averageOfParametersWeighsTheLatestMost() {
        let optimizer = AverageParameters(SGD(learningRate: 1), decay: 0.5)
        var tree = numbers(0)
        var state = optimizer.initialState(for: tree)
        #expect(optimizer.average(state, like: tree)[0].item() == 0)
        for _ in 0..<3 { optimizer.step(&tree, gradients: numbers(-1), state: &state) }
        // Parameters 1, 2, 3 with weights 1/4, 1/2, 1 over 7/4.
        #expect(tree[0].item() == 3)
        let average = optimizer.average(state, like: tree)[0].item()
        #expect(abs(average - 4.25 / 1.75) < 1e-15)
    }

    /// Injected numbers are followed, differentiated and saved.
    @Test func injectedNumbersAreState() throws {
        let optimizer = InjectHyperparameters(
            SGD(learningRate: 0.1, momentum: .scheduled(.linear(from: 0, to: 0.9, steps: 2))),
            ["rate": \.learningRate, "momentum": \.momentum])
        let start = numbers(1)
        let first = optimizer.initialState(for: start)
        func end(_ state: InjectedState<SGDState>) -> (Tensor, InjectedState<SGDState>) {
            var (tree, state) = (start, state)
            for _ in 0..<3 { optimizer.step(&tree, gradients: tree, state: &state) }
            return (tree[0].sum(), state)
        }
        let (_, last) = end(first)
        #expect(last.values["momentum"]?.item() == 0.9)
        let gradient = grad(at: first) { end($0).0 }
        let h = 1e-5
        func shifted(_ amount: Double) -> Double {
            var state = first
            state.values["rate"] = Tensor(0.1 + amount, dtype: .float64)
            return end(state).0.item()
        }
        let difference = (shifted(h) - shifted(-h)) / (2 * h)
        let ours = try #require(gradient.values["rate"]).item()
        #expect(abs(ours - difference) < 1e-8)
        let named = last.namedTensors(prefix: "o.")
        let names: Set<String> = [
            "o.values.rate", "o.values.momentum", "o.inner.momentum.0", "o.step", "o.inner.step",
        ]
        #expect(Set(named.keys) == names)
        let restored = try optimizer.initialState(for: start).restored(from: named, prefix: "o.")
        #expect(restored.values["momentum"]?.item() == 0.9)
        #expect(restored.step == 3)
    }

    /// Every accumulator is in a checkpoint under its own name.
    @Test func accumulatorsHaveNames() throws {
        let start = ["w": Tensor([1.0, 2.0])]
        let optimizer = RMSProp(momentum: 0.9, isCentred: true)
        var (tree, state) = (start, optimizer.initialState(for: start))
        optimizer.step(&tree, gradients: start, state: &state)
        let named = state.namedTensors()
        #expect(Set(named.keys) == ["squares.w", "means.w", "momentum.w", "step"])
        let restored = try optimizer.initialState(for: start).restored(from: named)
        #expect(restored[.means].tensors[0].array(of: Double.self) == state[.means].tensors[0].array(of: Double.self))
        #expect(throws: OptimizersError.self) { try AdaGrad().initialState(for: start).restored(from: named) }
    }

    @Test func treesOfDifferentStructureTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = ["a": Tensor.zeros([1])].applying(["a": Tensor.zeros([1]), "b": Tensor.zeros([1])])
        }
        await #expect(processExitsWith: .failure) {
            let (tree, other) = (["a": Tensor.zeros([1])], ["b": Tensor.zeros([1])])
            let rule = RMSProp()
            _ = rule.update(other, state: rule.initialState(for: tree), parameters: tree)
        }
        await #expect(processExitsWith: .failure) {
            let tree = ["a": Tensor.zeros([1])]
            let rule = InjectHyperparameters(SGD(learningRate: 1), ["rate": \.learningRate])
            var state = rule.initialState(for: tree)
            state.values = [:]
            _ = rule.update(tree, state: state, parameters: tree)
        }
    }
}
