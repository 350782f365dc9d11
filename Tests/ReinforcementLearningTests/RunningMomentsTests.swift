import Randomness
import Testing

@testable import ReinforcementLearning

/// Running statistics against those of all numbers at once.
@Suite struct RunningMomentsTests {
    /// Mean and variance in two passes.
    private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count))
    }

    @Test func batchesOfAnySizeGiveTheMomentsOfAllVectors() {
        var generator = SplittableGenerator(seed: 1)
        var running = RunningMoments(size: 3)
        var columns: [[Double]] = [[], [], []]
        for batch in [1, 7, 0, 2, 64, 5] {
            var vectors: [Float] = []
            for _ in 0..<batch {
                // Far from 0, where sums of squares would lose digits.
                for (index, (mean, deviation)) in [(0.0, 1.0), (1e4, 0.1), (-50, 20)].enumerated() {
                    let value = Float(generator.normal(mean: mean, standardDeviation: deviation))
                    vectors.append(value)
                    columns[index].append(Double(value))
                }
            }
            running.add(vectors, count: batch)
        }
        #expect(running.count == 79)
        for index in 0..<3 {
            let expected = moments(columns[index])
            #expect(abs(running.means[index] - expected.mean) < 1e-9 * (1 + abs(expected.mean)))
            #expect(abs(running.variance(index) - expected.variance) < 1e-9 * (1 + expected.variance))
        }
    }

    @Test func normalisedVectorsHaveMeanZeroAndVarianceOneWithinTheBound() {
        var generator = SplittableGenerator(seed: 2)
        var vectors = generator.normals(2_000, mean: 3, standardDeviation: 5).map { Float($0) }
        var running = RunningMoments(size: 2)
        running.add(vectors, count: 1_000)
        running.normalize(&vectors, count: 1_000)
        for index in 0..<2 {
            let found = moments(stride(from: index, to: 2_000, by: 2).map { Double(vectors[$0]) })
            #expect(abs(found.mean) < 1e-6)
            #expect(abs(found.variance - 1) < 1e-5)
        }
        var far: [Float] = [1e6, -1e6]
        running.normalize(&far, count: 1)
        #expect(far == [10, -10])
    }

    @Test func beforeAnythingWasSeenNumbersStayAsTheyAre() {
        var vectors: [Float] = [1, -2]
        RunningMoments(size: 2).normalize(&vectors, count: 1)
        #expect(abs(vectors[0] - 1) < 1e-6)
        #expect(abs(vectors[1] + 2) < 1e-6)
    }

    @Test func rewardsAreDividedByTheDeviationOfDiscountedSums() {
        var generator = SplittableGenerator(seed: 3)
        var scaling = RewardScaling(environments: 2, discount: 0.9)
        var sums = [0.0, 0.0]
        var seen: [Double] = []
        var isReset: [UInt8] = [0, 0]
        for _ in 0..<50 {
            let rewards = (0..<2).map { isReset[$0] == 1 ? 0 : Float(generator.normal(mean: 1)) }
            let ended = (0..<2).map { isReset[$0] == 0 && generator.bernoulli(0.2) ? UInt8(1) : 0 }
            for index in 0..<2 where isReset[index] == 0 {
                sums[index] = sums[index] * 0.9 + Double(rewards[index])
                seen.append(sums[index])
            }
            var scaled = rewards
            scaling.scale(&scaled, ended: ended, resets: isReset)
            let deviation = (moments(seen).variance + 1e-8).squareRoot()
            for index in 0..<2 {
                let expected = min(max(Double(rewards[index]) / deviation, -10), 10)
                #expect(abs(Double(scaled[index]) - expected) < 1e-5 * (1 + abs(expected)))
                if ended[index] == 1 { sums[index] = 0 }
            }
            isReset = ended
        }
    }
}
