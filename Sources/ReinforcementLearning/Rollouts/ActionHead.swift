public import Environments
import Foundation
import Randomness

/// How actions of a task are drawn from a network's output, and how they go to its environments.
///
/// Chosen actions are int64 `[N]` for discrete spaces, float32 `[N, A]` for boxes; those that go to a box are cut off at
/// its bounds.
public struct ActionHead: Sendable, Hashable {
    /// The actions' space.
    public let space: Space
    /// A: actions to choose from, or numbers in a continuous action.
    public let outputs: Int
    /// Whether the policy is Gaussian.
    public let isContinuous: Bool
    private let start: Int64
    private let low: [Float]
    private let high: [Float]

    /// A head for a space.
    ///
    /// - Parameter space: discrete, or a box of float32 or float64 numbers.
    /// - Throws: `unsupportedActions` for other spaces.
    public init(_ space: Space) throws(ReinforcementLearningError) {
        self.space = space
        switch space {
        case .discrete(let count, let start):
            outputs = count
            isContinuous = false
            self.start = Int64(start)
            low = []
            high = []
        case .box(_, _, _, let element) where element == .float32 || element == .float64:
            outputs = space.count
            isContinuous = true
            start = 0
            low = (0..<space.count).map { Float(space.bounds(at: $0).lowerBound) }
            high = (0..<space.count).map { Float(space.bounds(at: $0).upperBound) }
        case .box, .multiDiscrete: throw .unsupportedActions(space: "\(space)")
        }
    }

    /// Bytes of a chosen action.
    var chosenBytes: Int { isContinuous ? 4 * outputs : 8 }

    /// Bytes of an action as the environments take it.
    var sentBytes: Int { space.count * space.element.size }

    /// Draws actions.
    ///
    /// - Parameters:
    ///   - parameters: logits or means, `[count, A]`.
    ///   - logDeviation: ln of the standard deviations of a Gaussian policy, `[A]`.
    ///   - count: rows.
    ///   - chosen: room for the chosen actions.
    ///   - logProbabilities: room for `[count]`.
    ///   - generator: where they are drawn from.
    func draw(
        _ parameters: UnsafePointer<Float>, _ logDeviation: [Float], count: Int, chosen: UnsafeMutableRawPointer,
        _ logProbabilities: UnsafeMutablePointer<Float>, using generator: inout SplittableGenerator
    ) {
        if isContinuous {
            let numbers = chosen.assumingMemoryBound(to: Float.self)
            for row in 0..<count {
                logProbabilities[row] = drawNormal(
                    parameters + row * outputs, logDeviation, numbers + row * outputs, using: &generator)
            }
        } else {
            let numbers = chosen.assumingMemoryBound(to: Int64.self)
            for row in 0..<count {
                (numbers[row], logProbabilities[row]) = drawCategory(parameters + row * outputs, using: &generator)
            }
        }
    }

    /// By inversion of one word: the first action whose cumulative probability is above it.
    private func drawCategory(
        _ logits: UnsafePointer<Float>, using generator: inout SplittableGenerator
    ) -> (Int64, Float) {
        var highest = logits[0]
        for index in 1..<max(1, outputs) { highest = max(highest, logits[index]) }
        var total: Float = 0
        for index in 0..<outputs { total += exp(logits[index] - highest) }
        var rest = Float(generator.uniform()) * total
        var choice = outputs - 1
        for index in 0..<outputs {
            rest -= exp(logits[index] - highest)
            if rest < 0 {
                choice = index
                break
            }
        }
        return (Int64(choice), logits[choice] - highest - log(total))
    }

    private func drawNormal(
        _ means: UnsafePointer<Float>, _ logDeviation: [Float], _ numbers: UnsafeMutablePointer<Float>,
        using generator: inout SplittableGenerator
    ) -> Float {
        var logProbability = -0.5 * Float(log(2 * Double.pi)) * Float(outputs)
        for index in 0..<outputs {
            let score = Float(generator.normal())
            numbers[index] = means[index] + exp(logDeviation[index]) * score
            logProbability -= 0.5 * score * score + logDeviation[index]
        }
        return logProbability
    }

    /// Turns chosen actions into those that environments take.
    ///
    /// - Parameters:
    ///   - chosen: the chosen actions.
    ///   - count: rows.
    ///   - sent: room for them.
    func send(_ chosen: UnsafeRawPointer, count: Int, to sent: UnsafeMutableRawPointer) {
        guard isContinuous else {
            let numbers = chosen.assumingMemoryBound(to: Int64.self)
            let target = sent.assumingMemoryBound(to: Int64.self)
            for row in 0..<count { target[row] = numbers[row] + start }
            return
        }
        let numbers = chosen.assumingMemoryBound(to: Float.self)
        for index in 0..<(count * outputs) {
            let value = min(max(numbers[index], low[index % outputs]), high[index % outputs])
            if space.element == .float32 {
                sent.assumingMemoryBound(to: Float.self)[index] = value
            } else {
                sent.assumingMemoryBound(to: Double.self)[index] = Double(value)
            }
        }
    }
}
