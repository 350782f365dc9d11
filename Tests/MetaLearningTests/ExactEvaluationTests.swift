import MetaLearning
import Randomness
import Tensors
import TestSupport
import Testing

@Suite struct ExactEvaluationTests {
    @Test func valuesAreThoseOfLongTruncation() throws {
        let process = try Fixtures.process()
        let parameters = Fixtures.table(process)
        let exact = try ExactEvaluation(process, parameters: parameters)
        // 0.7²⁰⁰ = 1e-31.
        let long = truncatedValue(
            process, parameters, length: 200, bootstrap: [Double](repeating: 0, count: process.stateCount))
        #expect(abs(exact.value - long) < 1e-12)
        #expect(abs(exact.visits.reduce(0, +) - 1 / (1 - process.discount)) < 1e-12)
        #expect(abs(Fixtures.dot(exact.rewardGradient, process.rewards) - exact.value) < 1e-12)
    }

    @Test func derivativesEqualDifferences() throws {
        let process = try Fixtures.process()
        let parameters = Fixtures.table(process)
        let direction = Fixtures.table(process, seed: 8)
        let exact = try ExactEvaluation(process, parameters: parameters)
        func evaluation(_ table: [Double]) -> ExactEvaluation? { try? ExactEvaluation(process, parameters: table) }
        let gradient = differences(parameters) { evaluation($0)?.value ?? .nan }
        #expect(Fixtures.distance(exact.gradient, gradient) < Tolerance.gradient)
        let product = directionalDifference(parameters, direction) { evaluation($0)?.gradient ?? [] }
        #expect(Fixtures.distance(exact.hessianProduct(direction), product) < Tolerance.gradient)
        let zero = [Double](repeating: 0, count: process.parameterCount)
        let mixed = differences(zero) { reward in
            let moved = try? ExactEvaluation(process, parameters: parameters, addedReward: reward)
            return Fixtures.dot(moved?.gradient ?? zero, direction)
        }
        #expect(Fixtures.distance(exact.rewardProduct(direction), mixed) < Tolerance.gradient)
        let weights = Array(direction[0..<process.stateCount])
        let pulled = differences(zero) { reward in
            let moved = try? ExactEvaluation(process, parameters: parameters, addedReward: reward)
            return Fixtures.dot(moved?.values ?? [], weights)
        }
        #expect(Fixtures.distance(exact.rewardPullback(weights), pulled) < Tolerance.gradient)
    }

    @Test func tensorsAgreeWithTheClosedForm() throws {
        let processes = try (0..<3).map { try Fixtures.process(seed: $0) }
        let tables = (0..<3).map { Fixtures.table(processes[$0], seed: 20 + UInt64($0)) }
        let tensors = try TabularTensors(processes)
        let parameters = Tensor(tables.flatMap { $0 }, shape: [3, 4, 3])
        let exact = try zip(processes, tables).map { try ExactEvaluation($0, parameters: $1) }
        let values = try tensors.values(parameters).array(of: Double.self)
        #expect(Fixtures.distance(values, exact.flatMap(\.values)) < Tolerance.float64)
        let gradient = try grad(at: parameters) { try tensors.value($0).sum() }
        #expect(Fixtures.distance(gradient.array(of: Double.self), exact.flatMap(\.gradient)) < Tolerance.float64)
        let direction = Tensor(tables.flatMap { $0.map { 1 - $0 } }, shape: [3, 4, 3])
        let product = try grad(at: parameters) { parameters in
            let first = try grad(at: parameters, createGraph: true) { try tensors.value($0).sum() }
            return (first * direction).sum()
        }
        let closed = zip(exact, tables).flatMap { $0.hessianProduct($1.map { 1 - $0 }) }
        #expect(Fixtures.distance(product.array(of: Double.self), closed) < 1e-11)
    }

    @Test func processesOfDifferentKindsAreAnError() throws {
        #expect(throws: MetaLearningError.self) { try TabularTensors([]) }
        #expect(throws: MetaLearningError.self) {
            try TabularTensors([Fixtures.process(), Fixtures.process(states: 5)])
        }
    }
}
