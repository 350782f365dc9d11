import Environments
import Tensors

/// What `N` environments did in `T` steps; all arrays step by step, `[T, N, ...]`.
///
/// Tensors look at the memory directly; none may live on when the next rollout is written.
public final class RolloutMemory {
    /// T.
    public let steps: Int
    /// N.
    public let environments: Int
    /// Shape of an observation.
    let observationShape: [Int]
    /// Whether observations are bytes; float32 otherwise.
    let isBytes: Bool
    /// Whether actions are float32 numbers; int64 otherwise.
    let isContinuous: Bool
    /// Bytes of an observation.
    let observationSize: Int
    /// Bytes of a chosen action.
    let actionSize: Int
    /// `[T + 1, N, observation]`: the observation before each step, and the last one.
    let observations: UnsafeMutableRawPointer
    /// `[T, N, action]`.
    let actions: UnsafeMutableRawPointer
    /// `[T, N]`: rewards as the learner takes them.
    let rewards: UnsafeMutablePointer<Float>
    /// `[T, N]`: ln p of the actions under the policy that chose them.
    let logProbabilities: UnsafeMutablePointer<Float>
    /// `[T + 1, N]`.
    let values: UnsafeMutablePointer<Float>
    /// `[T, N]`.
    let advantages: UnsafeMutablePointer<Float>
    /// `[T, N]`: advantages + values.
    let returns: UnsafeMutablePointer<Float>
    /// `[T, N]`.
    let terminated: UnsafeMutablePointer<UInt8>
    /// `[T, N]`.
    let truncated: UnsafeMutablePointer<UInt8>
    /// `[T + 1, N]`: 1 where the step is a reset, so that there is nothing to learn from it.
    let resets: UnsafeMutablePointer<UInt8>

    init(steps: Int, environments: Int, observation: Space, head: ActionHead) {
        self.steps = steps
        self.environments = environments
        observationShape = observation.shape
        isBytes = observation.element == .uint8
        observationSize = observation.count * (isBytes ? 1 : 4)
        isContinuous = head.isContinuous
        actionSize = head.chosenBytes
        let rows = steps * environments
        let all = rows + environments
        observations = .allocate(byteCount: all * observationSize, alignment: 64)
        observations.initializeMemory(as: UInt8.self, repeating: 0, count: all * observationSize)
        actions = .allocate(byteCount: rows * actionSize, alignment: 64)
        actions.initializeMemory(as: UInt8.self, repeating: 0, count: rows * actionSize)
        func numbers<Number: ExpressibleByIntegerLiteral>(_ count: Int) -> UnsafeMutablePointer<Number> {
            let pointer = UnsafeMutablePointer<Number>.allocate(capacity: count)
            pointer.initialize(repeating: 0, count: count)
            return pointer
        }
        rewards = numbers(rows)
        logProbabilities = numbers(rows)
        values = numbers(all)
        advantages = numbers(rows)
        returns = numbers(rows)
        terminated = numbers(rows)
        truncated = numbers(rows)
        resets = numbers(all)
    }

    deinit {
        observations.deallocate()
        actions.deallocate()
        for pointer in [rewards, logProbabilities, values, advantages, returns] { pointer.deallocate() }
        for pointer in [terminated, truncated, resets] { pointer.deallocate() }
    }

    /// Observations of one step.
    func observations(of step: Int) -> UnsafeMutableRawPointer {
        observations + step * environments * observationSize
    }

    /// Observations of a range of steps as a tensor, `[steps · N, ...]`.
    func observationTensor(_ range: Range<Int>) -> Tensor {
        Tensor(
            viewing: observations(of: range.lowerBound), shape: [range.count * environments] + observationShape,
            dtype: isBytes ? .uint8 : .float32, owner: self)
    }

    /// The rows that hold a step of the policy's: all but resets.
    public var rowsToLearn: [Int32] {
        (0..<Int32(steps * environments)).filter { resets[Int($0)] == 0 }
    }

    /// The last step's end becomes the first step's start.
    func turnOver() {
        observations.copyMemory(from: observations(of: steps), byteCount: environments * observationSize)
        resets.update(from: resets + steps * environments, count: environments)
    }

    /// 1 − Var(returns − values) / Var(returns) over the rows to learn: 1 where values foretell returns; NaN where returns
    /// are all the same.
    var explainedVariance: Double {
        var returnMoments = RunningMoments(size: 1)
        var errorMoments = RunningMoments(size: 1)
        let rows = rowsToLearn.map { Int($0) }
        returnMoments.add(rows.map { returns[$0] }, count: rows.count)
        errorMoments.add(rows.map { returns[$0] - values[$0] }, count: rows.count)
        let variance = returnMoments.variance(0)
        return variance == 0 ? .nan : 1 - errorMoments.variance(0) / variance
    }
}
