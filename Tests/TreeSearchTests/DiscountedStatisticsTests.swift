import Foundation
import Randomness
import Testing

@testable import TreeSearch

@Suite struct DiscountedStatisticsTests {
    /// Two summation orders of at most 400 terms below 1: far below 1e-12 in double precision.
    private static let tolerance = 1e-12

    /// Equations 8 and 9 by direct summation.
    private func sums(_ rewards: [Double], _ discount: Double) -> (reward: Double, visits: Double) {
        let count = rewards.count
        let weights = (0..<count).map { pow(discount, Double(count - 1 - $0)) }
        return (zip(weights, rewards).map(*).reduce(0, +), weights.reduce(0, +))
    }

    @Test(arguments: [0.5, 0.9, 0.99, 1])
    func sumsEqualDirectSummation(discount: Double) {
        var generator = SplittableGenerator(seed: 1)
        var statistics = DiscountedStatistics()
        var rewards: [Double] = []
        for _ in 0..<400 {
            let reward = generator.bernoulli(0.4) ? 1.0 : 0
            rewards.append(reward)
            statistics.record(reward, discount: discount)
            let expected = sums(rewards, discount)
            #expect(abs(statistics.reward - expected.reward) <= Self.tolerance)
            #expect(abs(statistics.visits - expected.visits) <= Self.tolerance)
            #expect(abs(statistics.mean - expected.reward / expected.visits) <= Self.tolerance)
        }
        if discount < 1 {
            #expect(abs(statistics.visits - (1 - pow(discount, 400)) / (1 - discount)) <= Self.tolerance)
        }
    }

    @Test(arguments: [0.5, 0.9, 0.99, 1])
    func virtualLossEqualsVisitsWithoutReward(discount: Double) {
        var generator = SplittableGenerator(seed: 2)
        for _ in 0..<100 {
            var statistics = DiscountedStatistics()
            for _ in 0..<generator.integer(below: 50) {
                statistics.record(generator.bernoulli(0.5) ? 1 : 0, discount: discount)
            }
            let running = generator.integer(below: 60)
            let lowered = statistics.withVirtualLoss(running: running, discount: discount)
            for _ in 0..<running { statistics.record(0, discount: discount) }
            #expect(abs(lowered.reward - statistics.reward) <= Self.tolerance)
            #expect(abs(lowered.visits - statistics.visits) <= Self.tolerance)
        }
    }

    @Test func noRunningJobChangesNoBit() {
        var statistics = DiscountedStatistics()
        for step in 0..<77 { statistics.record(step % 3 == 0 ? 1 : 0, discount: 0.99) }
        #expect(statistics.withVirtualLoss(running: 0, discount: 0.99) == statistics)
    }

    @Test func unvisitedActionsHaveMeanZero() {
        #expect(DiscountedStatistics().mean == 0)
    }

    @Test func scoreEqualsEquationSeven() {
        var generator = SplittableGenerator(seed: 3)
        let policy = SearchPolicy.rmaxts
        for _ in 0..<200 {
            let actions = (0..<5).map { _ in
                let rewards = (0...generator.integer(below: 20)).map { _ in generator.bernoulli(0.5) ? 1.0 : 0 }
                var statistics = DiscountedStatistics()
                for reward in rewards { statistics.record(reward, discount: policy.discount) }
                return (statistics, sums(rewards, policy.discount))
            }
            let total = actions.map(\.1.visits).reduce(0, +)
            for (statistics, direct) in actions {
                let expected = direct.reward / direct.visits + (2 * log(total) / direct.visits).squareRoot()
                let score = policy.score(of: statistics, total: actions.map(\.0.visits).reduce(0, +))
                #expect(abs(score - expected) <= Self.tolerance)
            }
        }
    }

    /// The floors of the reference code: N at least 0.01, the argument of the logarithm at least 2.
    @Test func floorsOfTheScore() {
        let unvisited = SearchPolicy.rmaxts.score(of: DiscountedStatistics(), total: 0)
        #expect(abs(unvisited - (2 * log(2) / 0.01).squareRoot()) <= Self.tolerance)
        let greater = SearchPolicy.rmaxts.score(of: DiscountedStatistics(), total: 7)
        #expect(abs(greater - (2 * log(7) / 0.01).squareRoot()) <= Self.tolerance)
        let greedy = SearchPolicy(exploration: 0).score(of: DiscountedStatistics(), total: 7)
        #expect(greedy == 0)
    }
}
