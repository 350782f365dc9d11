/// How much better than expected each action of a rollout was.
///
/// Generalised advantage estimation: Schulman et al. 2016, arXiv:1506.02438, eqs. 11, 12 and 16.
///
/// With δₜ = rₜ + γ V(sₜ₊₁) − V(sₜ), the estimate is the sum of (γλ)ᵏ δₜ₊ₖ up to the episode's end. After a step that
/// terminates the episode nothing is to come: V(sₜ₊₁) counts as 0. After one that is truncated the episode would have gone
/// on: V(sₜ₊₁) is the value of its last observation.
///
/// Environments reset themselves in the step after an episode's last one. Such a step has no action of the policy's: its
/// estimate is 0, it is to be left out of training, and nothing flows through it.
public struct GeneralizedAdvantage: Sendable, Hashable, Codable {
    /// γ in `[0, 1]`.
    public var discount: Double
    /// λ in `[0, 1]`.
    public var trace: Double

    /// An estimator.
    ///
    /// - Parameters:
    ///   - discount: γ in `[0, 1]`.
    ///   - trace: λ in `[0, 1]`.
    public init(discount: Double, trace: Double) {
        self.discount = discount
        self.trace = trace
    }

    /// Estimates of all steps; `T` steps of `N` environments, all arrays step by step.
    ///
    /// - Parameters:
    ///   - rewards: `[T, N]`.
    ///   - values: `[T + 1, N]`: V of the observation before each step, and of the last one.
    ///   - terminated: `[T, N]`, 1 where the step ended the episode for good.
    ///   - truncated: `[T, N]`, 1 where a limit cut the episode off.
    ///   - resets: `[T, N]`, 1 where the step was a reset instead.
    ///   - steps: T.
    ///   - environments: N.
    ///   - advantages: room for `[T, N]`.
    public func estimate(
        rewards: UnsafePointer<Float>, values: UnsafePointer<Float>, terminated: UnsafePointer<UInt8>,
        truncated: UnsafePointer<UInt8>, resets: UnsafePointer<UInt8>, steps: Int, environments: Int,
        advantages: UnsafeMutablePointer<Float>
    ) {
        let discount = Float(discount)
        let decay = Float(self.discount * trace)
        for environment in 0..<environments {
            var later: Float = 0
            for step in stride(from: steps - 1, through: 0, by: -1) {
                let place = step * environments + environment
                if resets[place] != 0 {
                    later = 0
                } else {
                    let next = terminated[place] != 0 ? 0 : discount * values[place + environments]
                    let difference = rewards[place] + next - values[place]
                    let isLast = terminated[place] | truncated[place] != 0
                    later = difference + (isLast ? 0 : decay * later)
                }
                advantages[place] = later
            }
        }
    }
}
