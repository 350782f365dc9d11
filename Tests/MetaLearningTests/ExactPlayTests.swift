import Foundation
import Randomness
import Tensors
import Testing

@testable import MetaLearning

/// Exact values of repeated games against closed forms, long plays, autograd and differences.
@Suite struct ExactPlayTests {
    private static func randomPolicy(_ generator: inout SplittableGenerator) -> MemoryOnePolicy {
        MemoryOnePolicy(computed: generator.normals(5, standardDeviation: 1.5))
    }

    /// Σ γ^t r for plays that come to be the same outcome for ever; rounding alone separates them.
    @Test func knownPairingsHaveKnownValues() throws {
        let game = try RepeatedGame.prisonersDilemma(discount: 0.96)
        func values(_ first: MemoryOnePolicy, _ second: MemoryOnePolicy) -> (Double, Double) {
            let play = ExactPlay(game, first: first, second: second)
            return (play.value(of: .first), play.value(of: .second))
        }
        let pairings: [(MemoryOnePolicy, MemoryOnePolicy, Double, Double)] = [
            (.alwaysZero, .alwaysZero, -2 / 0.04, -2 / 0.04),
            (.alwaysOne, .alwaysOne, -1 / 0.04, -1 / 0.04),
            (.alwaysZero, .alwaysOne, 0, -3 / 0.04),
            (.titForTat, .titForTat, -1 / 0.04, -1 / 0.04),
            // Tit for tat is betrayed once, then both defect.
            (.alwaysZero, .titForTat, 0 - 2 * 0.96 / 0.04, -3 - 2 * 0.96 / 0.04),
            // Payoffs 00, 01, 10, 11 with equal chances: −1.5 a round.
            (.uniform, .uniform, -1.5 / 0.04, -1.5 / 0.04),
            // Against always-defect: cooperates, shifts, shifts back: 10, 00, 10, 00, ...
            (.winStayLoseShift, .alwaysZero, (-3 - 0.96 * 2) / (1 - 0.96 * 0.96), (0 - 0.96 * 2) / (1 - 0.96 * 0.96)),
        ]
        for (first, second, expectedFirst, expectedSecond) in pairings {
            let found = values(first, second)
            #expect(abs(found.0 - expectedFirst) < 1e-10)
            #expect(abs(found.1 - expectedSecond) < 1e-10)
        }
    }

    @Test func scoresOfKnownPairings() throws {
        let game = try RepeatedGame.prisonersDilemma()
        #expect(ExactPlay(game, first: .titForTat, second: .titForTat).jointScore(rounds: 7) == -1)
        #expect(ExactPlay(game, first: .alwaysZero, second: .alwaysZero).jointScore(rounds: 7) == -2)
        #expect(abs(ExactPlay(game, first: .uniform, second: .uniform).jointScore(rounds: 7) + 1.5) < 1e-12)
        let betrayed = ExactPlay(game, first: .alwaysZero, second: .titForTat)
        #expect(abs(betrayed.meanPayoff(of: .first, rounds: 4) - (0 - 2 * 3) / 4) < 1e-12)
    }

    /// The tail of 400 rounds is worth 0.9⁴⁰⁰ / 0.1 · 1 < 1e-17.
    @Test func solvedValuesEqualLongSums() throws {
        var generator = SplittableGenerator(seed: 1)
        let game = try RepeatedGame(
            firstPayoffs: [0.3, -1, 0.7, 0.1], secondPayoffs: [-0.2, 0.9, 0.4, -0.5], discount: 0.9)
        let logits = (0..<6).map { _ in Self.randomPolicy(&generator).logits }
        let first = Tensor(rows: Array(logits[0..<3]), dtype: .float64)
        let second = Tensor(rows: Array(logits[3..<6]), dtype: .float64)
        let solved = try game.values(firstLogits: first, secondLogits: second)
        let summed = game.values(firstLogits: first, secondLogits: second, rounds: 400)
        #expect(solved.first.shape == [3])
        #expect(solved.first.isClose(to: summed.first, relative: 0, absolute: 1e-12))
        #expect(solved.second.isClose(to: summed.second, relative: 0, absolute: 1e-12))
        for index in 0..<3 {
            let play = ExactPlay(
                game, first: MemoryOnePolicy(computed: logits[index]),
                second: MemoryOnePolicy(computed: logits[3 + index]))
            #expect(abs(play.value(of: .first) - solved.first.array(of: Double.self)[index]) < 1e-12)
            #expect(abs(play.value(of: .second) - solved.second.array(of: Double.self)[index]) < 1e-12)
        }
    }

    /// The mean of 40,000 plays: five standard errors.
    @Test func sampledPlaysHaveTheExactValue() throws {
        var generator = SplittableGenerator(seed: 2)
        let game = try RepeatedGame.prisonersDilemma(discount: 0.8)
        let (first, second) = (Self.randomPolicy(&generator), Self.randomPolicy(&generator))
        let plays = try JointRollouts(first: first, second: second, count: 40_000, length: 80, using: &generator)
        let exact = ExactPlay(game, first: first, second: second)
        for player in Player.allCases {
            // Σ γ^t r lies between −15 and 0, so its standard deviation is at most 7.5.
            let error = 5 * 7.5 / (40_000.0).squareRoot()
            #expect(abs(plays.meanValue(of: player, in: game) - exact.value(of: player)) < error)
        }
    }

    @Test(arguments: Player.allCases)
    func writtenOutDerivativesEqualAutograd(player: Player) throws {
        var generator = SplittableGenerator(seed: 3)
        let game = try RepeatedGame(
            firstPayoffs: [0.3, -1, 0.7, 0.1], secondPayoffs: [-0.2, 0.9, 0.4, -0.5], discount: 0.95)
        for _ in 0..<5 {
            let (first, second) = (Self.randomPolicy(&generator), Self.randomPolicy(&generator))
            let play = ExactPlay(game, first: first, second: second)
            let direction = JointGradient(first: generator.normals(5), second: generator.normals(5))
            func value(_ both: Tensor) throws -> Tensor {
                let values = try game.values(
                    firstLogits: both.slice(dimension: 0, end: 5), secondLogits: both.slice(dimension: 0, start: 5))
                return player == .first ? values.first : values.second
            }
            let point = Tensor(first.logits + second.logits, dtype: .float64)
            let along = Tensor(direction.first + direction.second, dtype: .float64)
            let gradient = try grad(at: point, value)
            let product = try grad(at: point) { try grad(at: $0, createGraph: true, value).dot(along) }
            let (ours, oursProduct) = (play.gradient(of: player), play.hessianProduct(of: player, with: direction))
            expectClose(ours.first + ours.second, gradient.array(of: Double.self), within: 1e-11)
            expectClose(oursProduct.first + oursProduct.second, product.array(of: Double.self), within: 1e-10)
        }
    }

    /// Central differences with step 1e-5: truncation and rounding together stay below 1e-6 for values near 10.
    @Test func derivativesEqualDifferences() throws {
        var generator = SplittableGenerator(seed: 4)
        let game = try RepeatedGame.prisonersDilemma(discount: 0.9)
        let pair = PolicyPair(first: Self.randomPolicy(&generator), second: Self.randomPolicy(&generator))
        for player in Player.allCases {
            let play = ExactPlay(game, first: pair.first, second: pair.second)
            let gradient = play.gradient(of: player)
            for moved in Player.allCases {
                for index in 0..<5 {
                    var unit = [Double](repeating: 0, count: 5)
                    unit[index] = 1
                    let plays = [1e-5, -1e-5].map { step in
                        var other = pair
                        other[moved] = pair[moved].moved(by: unit, scale: step)
                        return ExactPlay(game, first: other.first, second: other.second)
                    }
                    let slope = (plays[0].value(of: player) - plays[1].value(of: player)) / 2e-5
                    #expect(abs(slope - gradient[moved][index]) < 1e-6)
                    let product = play.hessianProduct(of: player, with: JointGradient(unit, of: moved))
                    let gradients = plays.map { $0.gradient(of: player) }
                    for side in Player.allCases {
                        let bend = zip(gradients[0][side], gradients[1][side]).map { ($0 - $1) / 2e-5 }
                        expectClose(bend, product[side], within: 1e-6)
                    }
                }
            }
        }
    }

    @Test func badGamesAreRefused() {
        #expect(throws: GameError.badDiscount(value: 1, allowed: "[0, 1)")) {
            try RepeatedGame.prisonersDilemma(discount: 1)
        }
        #expect(throws: GameError.self) { try RepeatedGame.prisonersDilemma(discount: -0.1) }
        #expect(throws: GameError.self) { try RepeatedGame.prisonersDilemma(discount: .nan) }
        #expect(throws: GameError.badPayoffs([1, 2, 3])) { try RepeatedGame(symmetric: [1, 2, 3], discount: 0.5) }
        #expect(throws: GameError.self) { try RepeatedGame(symmetric: [1, 2, 3, .infinity], discount: 0.5) }
        #expect(throws: GameError.badPolicy(count: 4)) { try MemoryOnePolicy(logits: [0, 0, 0, 0]) }
        #expect(GameError.badDiscount(value: 1.5, allowed: "[0, 1]").description.contains("[0, 1]"))
    }
}

/// Checks two lists number by number.
func expectClose(
    _ left: [Double], _ right: [Double], within tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(left.count == right.count, sourceLocation: sourceLocation)
    for (index, (x, y)) in zip(left, right).enumerated() {
        #expect(abs(x - y) <= tolerance, "place \(index): \(x) and \(y)", sourceLocation: sourceLocation)
    }
}
