import Foundation
import Randomness
import Tensors
import Testing

@testable import MetaLearning

/// Gradients through the other player's steps, and what players come to do.
@Suite struct OpponentShapingTests {
    private static func options(
        _ lookahead: Int, gradient: ShapingSource = .exact, hessian: ShapingSource = .exact,
        outer: ShapingSource = .exact
    ) -> ShapingOptions {
        var options = ShapingOptions()
        options.lookahead = lookahead
        options.innerGradient = gradient
        options.innerHessian = hessian
        options.outerGradient = outer
        return options
    }

    private static func players(
        _ options: ShapingOptions, seed: UInt64 = 5, discount: Double = 0.9
    ) throws -> OpponentShaping {
        var generator = SplittableGenerator(seed: seed)
        let pair = PolicyPair(
            first: MemoryOnePolicy(computed: generator.normals(5)),
            second: MemoryOnePolicy(computed: generator.normals(5)))
        return try OpponentShaping(
            RepeatedGame.prisonersDilemma(discount: discount), options: options, policies: pair, generator: generator)
    }

    /// The value after the other's unrolled steps, by autograd through all of them.
    private func unrolled(_ players: OpponentShaping, _ player: Player) throws -> [Double] {
        let (game, options) = (players.game, players.options)
        func value(_ player: Player, own: Tensor, other: Tensor) throws -> Tensor {
            let values = try game.values(
                firstLogits: player == .first ? own : other, secondLogits: player == .first ? other : own)
            return player == .first ? values.first : values.second
        }
        let start = Tensor(players.policies[player.other].logits, dtype: .float64)
        return try grad(at: Tensor(players.policies[player].logits, dtype: .float64)) { own in
            var other = start
            for _ in 0..<options.lookahead {
                let step = try grad(at: other, createGraph: true) { try value(player.other, own: $0, other: own) }
                other = other + step * options.innerRate
            }
            return try value(player, own: own, other: other)
        }.array(of: Double.self)
    }

    @Test(arguments: [0, 1, 2, 3], Player.allCases)
    func exactGradientsEqualAutogradThroughTheSteps(lookahead: Int, player: Player) throws {
        let players = try Self.players(Self.options(lookahead))
        expectClose(players.exactGradient(of: player), try unrolled(players, player), within: 1e-9)
    }

    /// With central differences of step 1e-5 the truncation is below 1e-6.
    @Test func exactGradientsEqualDifferences() throws {
        let players = try Self.players(Self.options(2))
        let game = players.game
        func value(_ first: MemoryOnePolicy) -> Double {
            var second = players.policies.second
            for _ in 0..<2 {
                let step = ExactPlay(game, first: first, second: second).gradient(of: .second)
                second = second.moved(by: step.second, scale: 0.3)
            }
            return ExactPlay(game, first: first, second: second).value(of: .first)
        }
        let gradient = players.exactGradient(of: .first)
        for index in 0..<5 {
            var unit = [Double](repeating: 0, count: 5)
            unit[index] = 1
            let first = players.policies.first
            let slope = (value(first.moved(by: unit, scale: 1e-5)) - value(first.moved(by: unit, scale: -1e-5))) / 2e-5
            #expect(abs(slope - gradient[index]) < 1e-6)
        }
    }

    /// With the exact inner gradient everything else enters linearly and from independent samples, so estimates are
    /// unbiased up to the rounds cut off (0.6³⁰ < 1e-6): within 4.5 standard errors, a chance of 2e-4 of failing for a
    /// seed that nobody chose.
    @Test(arguments: [1, 2])
    func sampledGradientsAreUnbiasedWithTheExactInnerGradient(lookahead: Int) throws {
        var options = Self.options(lookahead, hessian: .samples(30), outer: .samples(30))
        options.length = 30
        var players = try Self.players(options, discount: 0.6)
        for player in Player.allCases {
            let estimates = (0..<300).map { _ in players.sampledGradient(of: player) }
            let exact = players.exactGradient(of: player)
            for index in 0..<5 {
                let numbers = estimates.map { $0[index] }
                let mean = numbers.reduce(0, +) / 300
                let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 299
                #expect(abs(mean - exact[index]) <= 4.5 * (variance / 300).squareRoot() + 1e-5)
            }
        }
    }

    @Test func lookaheadTurnsDefectionIntoCooperation() throws {
        var scores: [Double] = []
        for lookahead in [0, 1] {
            var options = Self.options(lookahead)
            options.outerRate = 0.2
            var players = try OpponentShaping(
                RepeatedGame.prisonersDilemma(), options: options, generator: SplittableGenerator(seed: 1))
            for _ in 0..<150 { _ = players.update() }
            scores.append(players.jointScore)
        }
        #expect(scores[0] < -1.9)
        #expect(scores[1] > -1.1)
    }

    @Test func encodedPlayersLearnOnAsIfNothingHadHappened() throws {
        for source in [ShapingSource.samples(8), .replay] {
            var options = Self.options(1, gradient: source, hessian: .samples(4), outer: .samples(8))
            options.length = 10
            options.replayCapacity = 32
            options.replayBatch = 8
            var players = try Self.players(options)
            for _ in 0..<7 { _ = players.update() }
            var copy = try JSONDecoder().decode(OpponentShaping.self, from: JSONEncoder().encode(players))
            for _ in 0..<5 { #expect(players.update().gradients == copy.update().gradients) }
            #expect(players.policies == copy.policies)
            #expect(players.baselines == copy.baselines)
        }
    }

    @Test func replayKeepsTheNewestBatches() throws {
        var generator = SplittableGenerator(seed: 3)
        var buffer = ReplayBuffer(capacity: 3)
        for length in 1...5 {
            buffer.add(
                try JointRollouts(first: .uniform, second: .uniform, count: 1, length: length, using: &generator))
        }
        #expect(Set(buffer.batches.map { $0.length }) == [3, 4, 5])
        #expect(buffer.isFull)
    }

    /// Mean payoffs to come of tit for tat against always-defect: −3 − 2γ/(1−γ) cut off after 50 rounds.
    @Test func baselinesAreWhatTheyShouldBe() throws {
        var generator = SplittableGenerator(seed: 3)
        let game = try RepeatedGame.prisonersDilemma(discount: 0.5)
        let plays = try JointRollouts(first: .titForTat, second: .alwaysZero, count: 2, length: 50, using: &generator)
        let means = plays.meanPayoffsToCome(of: .first, in: game)
        #expect(abs((means[0] ?? 0) + 5) < 1e-12)
        #expect(means[4] == nil && means[2] == nil)
        let slopes = plays.payoffErrors(of: .first, in: game, baseline: [1, 0, 0, 0, 0])
        #expect(abs(slopes[0] - 2 * 4 / 50) < 1e-12)
        #expect(abs(slopes[1] - 2 * 2 * 48 / 50) < 1e-12)
    }

    @Test func badOptionsAreRefused() {
        func message(_ change: (inout ShapingOptions) -> Void) -> String {
            var options = ShapingOptions()
            change(&options)
            do {
                _ = try OpponentShaping(
                    RepeatedGame.prisonersDilemma(), options: options, generator: SplittableGenerator(seed: 1))
                return "no error"
            } catch {
                return error.description
            }
        }
        #expect(message { $0.innerGradient = .samples(0) }.contains("must be at least 1"))
        #expect(message { $0.lookahead = -1 }.contains("lookahead"))
        #expect(message { $0.innerRate = .nan }.contains("inner rate"))
        #expect(message { $0.outerRate = -1 }.contains("outer rate"))
        #expect(message { $0.length = 0 }.contains("length"))
        #expect(
            message {
                $0.innerGradient = .replay; $0.replayCapacity = 1000
            }.contains("multiple of the batch"))
        #expect(message { $0.outerGradient = .replay } != "no error")
    }

    @Test func correlationIsPearsons() {
        #expect(pearsonCorrelation([1, 2, 3], [2, 4, 6]) == 1)
        #expect(pearsonCorrelation([1, 2, 3], [3, 2, 1]) == -1)
        #expect(pearsonCorrelation([1, 1, 1], [3, 2, 1]) == nil)
        // By hand: centred (−1, 0, 1) and (−4/3, 5/3, −1/3): 1 / √(2 · 42/9).
        #expect(abs((pearsonCorrelation([1, 2, 3], [0, 3, 1]) ?? 0) - 1 / (2.0 * 42 / 9).squareRoot()) < 1e-12)
    }
}
