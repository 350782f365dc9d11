import Environments
import Foundation
import Randomness
import Tensors
import TestSupport
import Testing

@testable import ReinforcementLearning

/// Distributions of actions against closed forms, and against the drawing without tensors.
@Suite struct DistributionTests {
    @Test func categoriesFollowTheSoftmax() {
        let logits = [[0.5, -1, 2], [0, 0, 0], [30, 0, -30]]
        let distribution = CategoricalDistribution(logits: Tensor(rows: logits))
        let actions = [2, 0, 1]
        let found = distribution.logProbability(of: Tensor(actions)).array(of: Double.self)
        let entropies = distribution.entropy().array(of: Double.self)
        for (row, logits) in logits.enumerated() {
            let total = logits.map { exp($0) }.reduce(0, +)
            let probabilities = logits.map { exp($0) / total }
            #expect(abs(found[row] - log(probabilities[actions[row]])) < 1e-12 * 30)
            let entropy = -probabilities.map { $0 * log($0) }.reduce(0, +)
            #expect(abs(entropies[row] - entropy) < 1e-12)
        }
        #expect(abs(entropies[1] - log(3)) < 1e-12)
    }

    @Test func gaussiansHaveTheNormalDensity() {
        let mean = [[0.5, -1], [0, 3]]
        let deviation = [0.5, 2]
        let actions = [[0.7, 1], [-1, 3]]
        let distribution = DiagonalGaussian(
            mean: Tensor(rows: mean), logDeviation: Tensor(deviation.map { log($0) }))
        let found = distribution.logProbability(of: Tensor(rows: actions)).array(of: Double.self)
        for row in 0..<2 {
            let expected = (0..<2).map { index in
                let score = (actions[row][index] - mean[row][index]) / deviation[index]
                return log(exp(-score * score / 2) / (deviation[index] * (2 * Double.pi).squareRoot()))
            }
            #expect(abs(found[row] - expected.reduce(0, +)) < 1e-12)
        }
        let entropy = deviation.map { 0.5 * log(2 * Double.pi * M_E * $0 * $0) }.reduce(0, +)
        #expect(abs(distribution.entropy().item() - entropy) < 1e-12)
    }

    @Test func drawnCategoriesHaveTheirProbabilitiesAndSayThem() throws {
        let head = try ActionHead(.discrete(3))
        let logits: [Float] = [0.5, -1, 1]
        var generator = SplittableGenerator(seed: 4)
        var counts = [0, 0, 0]
        let draws = 30_000
        let total = logits.map { exp(Double($0)) }.reduce(0, +)
        for _ in 0..<draws {
            var action: Int64 = -1
            var logProbability: Float = 0
            head.draw(logits, [], count: 1, chosen: &action, &logProbability, using: &generator)
            let index = try #require(Int(exactly: action))
            counts[index] += 1
            #expect(abs(Double(logProbability) - (Double(logits[index]) - log(total))) < 1e-6)
        }
        for index in 0..<3 {
            let probability = exp(Double(logits[index])) / total
            let deviation = (probability * (1 - probability) / Double(draws)).squareRoot()
            // Five standard deviations: one seed in a million.
            #expect(abs(Double(counts[index]) / Double(draws) - probability) < 5 * deviation)
        }
    }

    @Test func drawnNumbersAreNormalAndSayTheDensityThatTensorsGive() throws {
        let head = try ActionHead(.unbounded([2], .float32))
        let means: [Float] = [0.5, -2, 1, 0]
        let logDeviation: [Float] = [-0.5, 0.7]
        var generator = SplittableGenerator(seed: 5)
        var numbers = [Float](repeating: 0, count: 4)
        var found = [Float](repeating: 0, count: 2)
        var scores: [Double] = []
        for _ in 0..<5_000 {
            head.draw(means, logDeviation, count: 2, chosen: &numbers, &found, using: &generator)
            for index in 0..<4 {
                scores.append(Double(numbers[index] - means[index]) / exp(Double(logDeviation[index % 2])))
            }
        }
        let mean = scores.reduce(0, +) / Double(scores.count)
        let variance = scores.map { $0 * $0 }.reduce(0, +) / Double(scores.count)
        // Five standard deviations of each: 5/√20000 and 5·√(2/20000).
        #expect(abs(mean) < 0.036)
        #expect(abs(variance - 1) < 0.05)
        let distribution = DiagonalGaussian(
            mean: Tensor(means, shape: [2, 2]), logDeviation: Tensor(logDeviation))
        let expected = distribution.logProbability(of: Tensor(numbers, shape: [2, 2])).array(of: Float.self)
        for row in 0..<2 { #expect(abs(found[row] - expected[row]) < 1e-5) }
    }

    @Test func actionsGoToEnvironmentsWithinTheirBounds() throws {
        let box = try ActionHead(.box(low: [-2, -1], high: [2, 1], shape: [2], element: .float64))
        let chosen: [Float] = [3, 0.5, -5, -1.5]
        var sent = [Double](repeating: 0, count: 4)
        box.send(chosen, count: 2, to: &sent)
        #expect(sent == [2, 0.5, -2, -1])
        let shifted = try ActionHead(.discrete(count: 3, start: -1))
        var actions = [Int64](repeating: 9, count: 2)
        shifted.send([Int64(0), 2], count: 2, to: &actions)
        #expect(actions == [-1, 1])
        #expect(throws: ReinforcementLearningError.self) { try ActionHead(.multiDiscrete(counts: [2, 2])) }
    }
}
