import Foundation
import MetaLearning
import Randomness
import Tensors
import TestSupport
import Testing

@Suite struct SampledObjectiveTests {
    static let length = 4

    private struct Case {
        let process: TabularProcess
        let parameters: [Double]
        let direction: [Double]
        let values: [Double]
        let batch: TrajectoryBatch
        /// The policy that drew the trajectories of the off-policy estimator.
        let behaviour: [Double]

        /// All trajectories with their probabilities, or a sample of them.
        init(enumerates: Bool = false, behaves: Bool = false) throws {
            process = try Fixtures.process(states: 2, actions: 2, discount: 0.9)
            parameters = Fixtures.table(process)
            direction = Fixtures.table(process, seed: 8)
            values = [0.7, -0.4]
            behaviour = process.policy(Fixtures.table(process, seed: 9))
            let policy = behaves ? behaviour : process.policy(parameters)
            if enumerates {
                batch = TrajectoryBatch(enumerating: process, policy: policy, length: SampledObjectiveTests.length)
            } else {
                var generator = SplittableGenerator(seed: 4)
                batch = TrajectoryBatch(
                    process, policy: policy, count: 7, length: SampledObjectiveTests.length, using: &generator)
            }
        }

        func objective(_ estimator: SurrogateEstimator) -> SampledObjective {
            SampledObjective(
                process, parameters: parameters, batch: batch, estimator: estimator, values: values,
                behaviour: estimator == .offPolicyDice ? behaviour : nil)
        }
    }

    /// The surrogate written with tensors and differentiated automatically: an independent computation.
    private func surrogate(_ setting: Case, _ estimator: SurrogateEstimator, _ parameters: Tensor) -> Tensor {
        let (process, batch, length) = (setting.process, setting.batch, Self.length)
        var (rows, weights): ([Int64], [Double]) = ([], [])
        for trajectory in 0..<batch.count {
            for step in 0..<length {
                func state(_ step: Int) -> Int { Int(batch.states[trajectory * (length + 1) + step]) }
                func row(_ step: Int) -> Int {
                    state(step) * process.actionCount + Int(batch.actions[trajectory * length + step])
                }
                rows.append(Int64(row(step)))
                var weight = process.rewards[row(step)]
                if estimator.usesAdvantages {
                    weight = -setting.values[state(step)]
                    for later in step..<length {
                        weight += pow(process.discount, Double(later - step)) * process.rewards[row(later)]
                    }
                    weight += pow(process.discount, Double(length - step)) * setting.values[state(length)]
                }
                weights.append(pow(process.discount, Double(step)) * weight)
            }
        }
        let indices = Tensor(rows)
        func logs(_ table: Tensor) -> Tensor {
            table.flattened().indexSelect(dimension: 0, indices).reshaped([batch.count, length])
        }
        let behaviour = Tensor(setting.behaviour).log()
        return estimator.surrogate(
            logProbabilities: logs(parameters.logSoftmax()), weights: Tensor(weights, shape: [batch.count, length]),
            behaviour: estimator == .offPolicyDice ? logs(behaviour) : nil)
    }

    @Test(arguments: SurrogateEstimator.allCases)
    func closedFormEqualsAutomaticDifferentiation(estimator: SurrogateEstimator) throws {
        let setting = try Case(behaves: estimator == .offPolicyDice)
        let objective = setting.objective(estimator)
        let parameters = Fixtures.tensor(setting.parameters, setting.process)
        let direction = Fixtures.tensor(setting.direction, setting.process)
        let gradient = grad(at: parameters) { surrogate(setting, estimator, $0) }
        #expect(Fixtures.distance(objective.gradient, gradient.array(of: Double.self)) < Tolerance.float64)
        let product = grad(at: parameters) { parameters in
            (grad(at: parameters, createGraph: true) { surrogate(setting, estimator, $0) } * direction).sum()
        }
        #expect(
            Fixtures.distance(objective.hessianProduct(setting.direction), product.array(of: Double.self))
                < Tolerance.float64)
    }

    @Test func advantageEstimatorsHaveOneGradientOnOneSample() throws {
        let setting = try Case()
        let first = setting.objective(.policyGradient).gradient
        for estimator in [SurrogateEstimator.lowVarianceCurvature, .loadedDice] {
            #expect(Fixtures.distance(setting.objective(estimator).gradient, first) < Tolerance.float64)
            let parameters = Fixtures.tensor(setting.parameters, setting.process)
            let automatic = grad(at: parameters) { surrogate(setting, estimator, $0) }
            #expect(Fixtures.distance(automatic.array(of: Double.self), first) < Tolerance.float64)
        }
    }

    /// Expectations over all trajectories, against differences of the truncated value.
    @Test(arguments: SurrogateEstimator.allCases)
    func expectationsAreDerivativesOrKnownToBeBiased(estimator: SurrogateEstimator) throws {
        let setting = try Case(enumerates: true, behaves: estimator == .offPolicyDice)
        let bootstrap = estimator.usesAdvantages ? setting.values : [0, 0]
        func value(_ parameters: [Double]) -> Double {
            truncatedValue(setting.process, parameters, length: Self.length, bootstrap: bootstrap)
        }
        let objective = setting.objective(estimator)
        #expect(Fixtures.distance(objective.gradient, differences(setting.parameters, value)) < Tolerance.gradient)
        let product = directionalDifference(setting.parameters, setting.direction, step: 1e-3) { point in
            differences(point, step: 1e-3, value)
        }
        let distance = Fixtures.distance(objective.hessianProduct(setting.direction), product)
        switch estimator {
        // Second differences with step 1e-3 are good to about 1e-6.
        case .loadedDice, .dice, .offPolicyDice: #expect(distance < 1e-5)
        // Biases, not errors of computation: ten thousand times as large.
        case .policyGradient, .lowVarianceCurvature: #expect(distance > 0.01)
        }
    }

    /// The share of the policy gradient's Hessian that is missing is E[Σ γᵗ A_t u uᵀ] and more; low variance curvature
    /// has that part.
    @Test func lowVarianceCurvatureIsNearerThanPolicyGradientInExpectation() throws {
        let setting = try Case(enumerates: true)
        let exact = setting.objective(.loadedDice).hessianProduct(setting.direction)
        func distance(_ estimator: SurrogateEstimator) -> Double {
            let product = setting.objective(estimator).hessianProduct(setting.direction)
            return Fixtures.dot(Fixtures.moved(product, exact, by: -1), Fixtures.moved(product, exact, by: -1))
        }
        #expect(distance(.lowVarianceCurvature) < distance(.policyGradient))
    }

    @Test(arguments: [0, 0.6, 1])
    func rewardDerivativesEqualDifferences(trace: Double) throws {
        let setting = try Case()
        func product(_ values: [Double], _ reward: [Double]) -> Double {
            let objective = SampledObjective(
                setting.process, parameters: setting.parameters, batch: setting.batch, estimator: .lowVarianceCurvature,
                values: values, addedReward: reward, trace: trace)
            return Fixtures.dot(objective.gradient, setting.direction)
        }
        let zero = [Double](repeating: 0, count: setting.process.parameterCount)
        let objective = SampledObjective(
            setting.process, parameters: setting.parameters, batch: setting.batch, estimator: .lowVarianceCurvature,
            values: setting.values, trace: trace)
        let (rewards, values) = objective.rewardProduct(setting.direction)
        #expect(Fixtures.distance(rewards, differences(zero) { product(setting.values, $0) }) < Tolerance.gradient)
        #expect(Fixtures.distance(values, differences(setting.values) { product($0, zero) }) < Tolerance.gradient)
    }

    @Test func misuseTraps() async {
        await #expect(processExitsWith: .failure) { _ = try Case().objective(.dice).rewardProduct([0, 0, 0, 0]) }
        await #expect(processExitsWith: .failure) {
            let setting = try Case()
            _ = SampledObjective(
                setting.process, parameters: setting.parameters, batch: setting.batch, estimator: .offPolicyDice,
                values: setting.values)
        }
        await #expect(processExitsWith: .failure) {
            let empty = Tensor.zeros([0, 3], dtype: .float64)
            _ = SurrogateEstimator.dice.surrogate(logProbabilities: empty, weights: empty)
        }
    }
}
