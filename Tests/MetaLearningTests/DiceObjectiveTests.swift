import Foundation
import Randomness
import Tensors
import Testing

@testable import MetaLearning

/// Written-out DiCE derivatives against autograd of the same surrogate, and against exact values.
@Suite struct DiceObjectiveTests {
    private let game: RepeatedGame
    private var generator = SplittableGenerator(seed: 11)

    init() throws {
        game = try RepeatedGame(
            firstPayoffs: [0.3, -1, 0.7, 0.1], secondPayoffs: [-0.2, 0.9, 0.4, -0.5], discount: 0.9)
    }

    private mutating func policy() -> MemoryOnePolicy {
        MemoryOnePolicy(computed: generator.normals(5))
    }

    /// The surrogate as the paper writes it, on tensors: `[10]` logits to a scalar.
    private func surrogate(
        _ logits: Tensor, _ batch: JointRollouts, _ player: Player, _ baseline: [Double]
    ) -> Tensor {
        var observed = [[Int]](repeating: [], count: 2)
        var signs = [[Double]](repeating: [], count: 2)
        var payoffs: [Double] = []
        for trajectory in 0..<batch.count {
            var seen = 0
            for time in 0..<batch.length {
                let outcome = batch.outcome(trajectory: trajectory, time: time)
                observed[0].append(seen)
                observed[1].append(5 + RepeatedGame.secondObservation[seen])
                signs[0].append(outcome >> 1 == 0 ? 1 : -1)
                signs[1].append(outcome & 1 == 0 ? 1 : -1)
                payoffs.append(game.payoffs(of: player)[outcome])
                seen = 1 + outcome
            }
        }
        let shape = [batch.count, batch.length]
        func logProbabilities(_ logits: Tensor) -> Tensor {
            (0..<2).map { side in
                let places = Tensor(observed[side], shape: [batch.count * batch.length], dtype: .int64)
                let chosen = logits.indexSelect(dimension: 0, places).reshaped(shape)
                return (chosen * Tensor(signs[side], shape: shape, dtype: .float64)).logSigmoid()
            }.reduce(Tensor.zeros(shape, dtype: .float64), +)
        }
        let behaviour = Tensor(batch.first.logits + batch.second.logits, dtype: .float64)
        let nodes = logProbabilities(logits) - logProbabilities(behaviour)
        let discounts = Tensor((0..<batch.length).map { pow(game.discount, Double($0)) }, dtype: .float64)
        let own = Tensor(observed[player.rawValue].map { baseline[$0 % 5] }, shape: shape, dtype: .float64)
        let rewards = Tensor(payoffs, shape: shape, dtype: .float64)
        let main = (nodes.cumulativeSum(dimension: 1).exp() * rewards * discounts).sum(dimension: 1).mean()
        return main + ((1 - nodes.exp()) * own * discounts).sum(dimension: 1).mean()
    }

    /// On and off policy; rounding alone separates the two.
    @Test(arguments: Player.allCases, [false, true])
    mutating func derivativesEqualAutograd(player: Player, isOffPolicy: Bool) throws {
        let (first, second) = (policy(), policy())
        let batch = try JointRollouts(first: first, second: second, count: 7, length: 12, using: &generator)
        let now = PolicyPair(
            first: isOffPolicy ? first.moved(by: generator.normals(5), scale: 0.3) : first,
            second: isOffPolicy ? second.moved(by: generator.normals(5), scale: 0.3) : second)
        let baseline = generator.normals(5)
        let direction = JointGradient(first: generator.normals(5), second: generator.normals(5))
        let ours = DiceObjective(
            game, player: player, batches: [batch], first: now.first, second: now.second, baseline: baseline)
        let point = Tensor(now.first.logits + now.second.logits, dtype: .float64)
        let along = Tensor(direction.first + direction.second, dtype: .float64)
        let gradient = grad(at: point) { surrogate($0, batch, player, baseline) }
        let product = grad(at: point) {
            grad(at: $0, createGraph: true) { surrogate($0, batch, player, baseline) }.dot(along)
        }
        let (mine, mineProduct) = (ours.gradient(), ours.hessianProduct(with: direction))
        expectClose(mine.first + mine.second, gradient.array(of: Double.self), within: 1e-12)
        expectClose(mineProduct.first + mineProduct.second, product.array(of: Double.self), within: 1e-11)
        if !isOffPolicy { #expect(ours.effectiveShare == 1) }
        let plain = DiceObjective(game, player: player, batches: [batch], first: now.first, second: now.second)
        let value = surrogate(point, batch, player, [0, 0, 0, 0, 0]).item()
        #expect(abs(plain.value - value) < 1e-12)
    }

    /// Means of 400 independent estimates lie within 4.5 standard errors of the exact derivatives of as many rounds:
    /// 120 comparisons, so a chance of 1e-3 of failing for a seed that nobody chose.
    @Test(arguments: [0.0, 0.4])
    mutating func estimatesAreUnbiased(distance: Double) throws {
        let rounds = 8
        let now = PolicyPair(first: policy(), second: policy())
        let behaviour = PolicyPair(
            first: now.first.moved(by: generator.normals(5), scale: distance),
            second: now.second.moved(by: generator.normals(5), scale: distance))
        let baseline = [0.5, -1, 2, 1, -0.3]
        let direction = JointGradient(first: generator.normals(5), second: generator.normals(5))
        let point = Tensor(now.first.logits + now.second.logits, dtype: .float64)
        let along = Tensor(direction.first + direction.second, dtype: .float64)
        for player in Player.allCases {
            func value(_ both: Tensor) -> Tensor {
                let values = game.values(
                    firstLogits: both.slice(dimension: 0, end: 5), secondLogits: both.slice(dimension: 0, start: 5),
                    rounds: rounds)
                return player == .first ? values.first : values.second
            }
            let gradient = grad(at: point, value).array(of: Double.self)
            let product = grad(at: point) { grad(at: $0, createGraph: true, value).dot(along) }.array(of: Double.self)
            var estimates = [[Double]](repeating: [], count: 20)
            for _ in 0..<400 {
                let batch = try JointRollouts(
                    first: behaviour.first, second: behaviour.second, count: 100, length: rounds, using: &generator)
                let objective = DiceObjective(
                    game, player: player, batches: [batch], first: now.first, second: now.second, baseline: baseline)
                let (first, second) = (objective.gradient(), objective.hessianProduct(with: direction))
                for (index, number) in (first.first + first.second + second.first + second.second).enumerated() {
                    estimates[index].append(number)
                }
            }
            for (index, exact) in (gradient + product).enumerated() {
                let mean = estimates[index].reduce(0, +) / 400
                let variance = estimates[index].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399
                #expect(abs(mean - exact) <= 4.5 * (variance / 400).squareRoot() + 1e-12, "place \(index)")
            }
        }
    }

    /// Ratios are 1 where the policies agree: the samples count as fresh, whoever is said to have made them.
    @Test mutating func ratiosVanishOnPolicy() throws {
        let pair = PolicyPair(first: policy(), second: policy())
        let batch = try JointRollouts(
            first: pair.first, second: pair.second, count: 50, length: 20, using: &generator)
        // Moved by the smallest amount: takes the way through ratios, all of which are 1 to rounding.
        let near = PolicyPair(first: pair.first.moved(by: [1e-14, 0, 0, 0, 0]), second: pair.second)
        let direction = JointGradient(first: generator.normals(5), second: generator.normals(5))
        let fresh = DiceObjective(game, player: .first, batches: [batch], first: pair.first, second: pair.second)
        let stored = DiceObjective(game, player: .first, batches: [batch], first: near.first, second: near.second)
        expectClose(fresh.gradient().first, stored.gradient().first, within: 1e-11)
        expectClose(
            fresh.hessianProduct(with: direction).second, stored.hessianProduct(with: direction).second, within: 1e-10)
        #expect(stored.effectiveShare > 1 - 1e-10)
        // Two batches weigh as one of both.
        let double = DiceObjective(
            game, player: .first, batches: [batch, batch], first: pair.first, second: pair.second)
        expectClose(double.gradient().second, fresh.gradient().second, within: 1e-12)
        #expect(double.trajectoryCount == 100)
    }

    @Test mutating func emptySamplesAreRefused() {
        #expect(throws: GameError.self) {
            try JointRollouts(first: .uniform, second: .uniform, count: 0, length: 5, using: &generator)
        }
        #expect(throws: GameError.self) {
            try JointRollouts(first: .uniform, second: .uniform, count: 5, length: 0, using: &generator)
        }
    }
}
