import MetaLearning
import Randomness
import Tensors
import TestSupport
import Testing

/// The four instances of the unified objective with exact values.
@Suite struct MetaObjectiveTests {
    /// MAML-RL: the meta-parameters are where adaptation begins.
    private struct FewShot: MetaObjective {
        let tasks: TabularTensors
        func initialParameters(_ meta: Tensor) -> Tensor { meta.expanded(tasks.rewards.shape) }
        func inner(_ meta: Tensor, _ parameters: Tensor, step: Int, role: InnerRole) throws -> Tensor {
            try tasks.value(parameters).sum()
        }
        func outer(_ meta: Tensor, _ parameters: Tensor) throws -> Tensor { try tasks.value(parameters).sum() }
    }

    /// LIRPG: a table of rewards for the inner objective only.
    private struct IntrinsicReward: MetaObjective {
        let task: TabularTensors
        let initial: Tensor
        func initialParameters(_ meta: Tensor) -> Tensor { initial }
        func inner(_ meta: Tensor, _ parameters: Tensor, step: Int, role: InnerRole) throws -> Tensor {
            try task.value(parameters, addedReward: meta).sum()
        }
        func outer(_ meta: Tensor, _ parameters: Tensor) throws -> Tensor { try task.value(parameters).sum() }
    }

    /// Meta-gradient: the inner discount is learnt.
    private struct Discount: MetaObjective {
        let task: TabularTensors
        let initial: Tensor
        func initialParameters(_ meta: Tensor) -> Tensor { initial }
        func inner(_ meta: Tensor, _ parameters: Tensor, step: Int, role: InnerRole) throws -> Tensor {
            try task.value(parameters, discount: meta.sigmoid()).sum()
        }
        func outer(_ meta: Tensor, _ parameters: Tensor) throws -> Tensor { try task.value(parameters).sum() }
    }

    /// Opponent shaping: two mixed strategies in a matrix game; the inner steps are the opponent's.
    private struct Opponent: MetaObjective {
        let own = Tensor(rows: [[1.0, -2], [0.5, 3]])
        let other = Tensor(rows: [[0.3, 2], [-1.0, 0.7]])
        func initialParameters(_ meta: Tensor) -> Tensor { Tensor([0.2, -0.3]) }
        private func payoff(_ matrix: Tensor, _ first: Tensor, _ second: Tensor) -> Tensor {
            first.softmax().dot(matrix.matmul(second.softmax()))
        }
        func inner(_ meta: Tensor, _ parameters: Tensor, step: Int, role: InnerRole) -> Tensor {
            payoff(other, meta, parameters)
        }
        func outer(_ meta: Tensor, _ parameters: Tensor) -> Tensor { payoff(own, meta, parameters) }
    }

    /// A few-shot objective whose two uses are different functions.
    private struct Separate: MetaObjective {
        func initialParameters(_ meta: Tensor) -> Tensor { meta }
        func inner(_ meta: Tensor, _ parameters: Tensor, step: Int, role: InnerRole) -> Tensor {
            role == .gradient ? (parameters * parameters * parameters).sum() : parameters.square().sum()
        }
        func outer(_ meta: Tensor, _ parameters: Tensor) -> Tensor { parameters.square().sum() }
    }

    /// Compares a meta-gradient with differences of the adapted outer objective.
    private func worst<Objective: MetaObjective>(
        _ objective: Objective, at meta: Tensor, _ options: MetaGradientOptions
    ) throws -> Double where Objective.Meta == Tensor {
        let result = try metaGradient(of: objective, at: meta, options)
        let numbers = meta.array(of: Double.self)
        let numeric = differences(numbers) { numbers in
            let moved = try? metaGradient(of: objective, at: Tensor(numbers, shape: meta.shape), options)
            return moved?.value.item() ?? .nan
        }
        return Fixtures.distance(result.gradient.array(of: Double.self), numeric)
    }

    @Test(arguments: [1, 3])
    func fourInstancesEqualDifferences(steps: Int) throws {
        let process = try Fixtures.process()
        let task = try TabularTensors([process])
        let initial = Fixtures.tensor(Fixtures.table(process), process)
        let reward = Fixtures.tensor(Fixtures.table(process, seed: 9).map { 0.1 * $0 }, process)
        let options = MetaGradientOptions(steps: steps, rate: 0.8)
        #expect(try worst(FewShot(tasks: task), at: initial, options) < Tolerance.gradient)
        #expect(try worst(IntrinsicReward(task: task, initial: initial), at: reward, options) < Tolerance.gradient)
        let discount = Tensor(0.4, dtype: .float64)
        #expect(try worst(Discount(task: task, initial: initial), at: discount, options) < Tolerance.gradient)
        #expect(try worst(Opponent(), at: Tensor([0.5, -0.1]), options) < Tolerance.gradient)
    }

    @Test func tabularMetaGradientsAgree() throws {
        let process = try Fixtures.process()
        let task = try TabularTensors([process])
        let table = Fixtures.table(process)
        let initial = Fixtures.tensor(table, process)
        var settings = TabularMetaGradientOptions()
        (settings.steps, settings.rate) = (3, 0.8)
        var generator = SplittableGenerator(seed: 0)
        let options = MetaGradientOptions(steps: 3, rate: 0.8)
        let few = try TabularMetaGradient(process, settings, from: table, using: &generator)
        let fewTensors = try metaGradient(of: FewShot(tasks: task), at: initial, options)
        #expect(Fixtures.distance(fewTensors.gradient.array(of: Double.self), few.gradient) < 1e-11)
        #expect(Fixtures.distance(fewTensors.adapted.array(of: Double.self), few.adapted) < 1e-11)
        let intrinsic = try TabularMetaGradient(
            process, of: .intrinsicReward, settings, from: table, using: &generator)
        let objective = IntrinsicReward(task: task, initial: initial)
        let intrinsicTensors = try metaGradient(of: objective, at: Tensor.zeros(like: initial), options)
        #expect(Fixtures.distance(intrinsicTensors.gradient.array(of: Double.self), intrinsic.gradient) < 1e-11)
    }

    @Test func tasksAlongALeadingAxisAddUp() throws {
        let processes = try (0..<3).map { try Fixtures.process(seed: $0) }
        let options = MetaGradientOptions(steps: 2, rate: 0.8)
        let meta = Fixtures.tensor(Fixtures.table(processes[0]), processes[0])
        let together = try metaGradient(of: FewShot(tasks: TabularTensors(processes)), at: meta, options)
        let single = try processes.map {
            try metaGradient(of: FewShot(tasks: TabularTensors([$0])), at: meta, options).gradient
        }
        let total = (single[0] + single[1] + single[2]).array(of: Double.self)
        #expect(Fixtures.distance(together.gradient.array(of: Double.self), total) < Tolerance.float64)
    }

    /// θ = φ + α (3φ²) in value, dθ/dφ = 1 + 2α; J = θ².
    @Test func separateRolesGiveValueAndDerivative() throws {
        var options = MetaGradientOptions(steps: 1, rate: 0.1)
        options.separatesHessian = true
        let meta = Tensor([0.5, -0.2])
        let result = try metaGradient(of: Separate(), at: meta, options)
        let expected = [0.5, -0.2].map { 2 * ($0 + 0.1 * 3 * $0 * $0) * (1 + 0.2) }
        #expect(Fixtures.distance(result.gradient.array(of: Double.self), expected) < Tolerance.float64)
        options.separatesHessian = false
        let plain = try metaGradient(of: Separate(), at: meta, options)
        let simple = [0.5, -0.2].map { 2 * ($0 * 1.2) * 1.2 }
        #expect(Fixtures.distance(plain.gradient.array(of: Double.self), simple) < Tolerance.float64)
    }

    @Test func fewerThanOneStepIsAnError() {
        #expect(throws: MetaLearningError.self) {
            try metaGradient(of: Opponent(), at: Tensor([0.5, -0.1]), MetaGradientOptions(steps: 0, rate: 1))
        }
        #expect(throws: MetaLearningError.self) {
            try metaGradient(of: Opponent(), at: Tensor([0.5, -0.1]), MetaGradientOptions(steps: 1, rate: .infinity))
        }
    }
}
