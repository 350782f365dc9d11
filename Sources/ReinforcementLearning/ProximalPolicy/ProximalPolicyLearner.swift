import Optimizers
public import Randomness
import Tensors

/// What an update came to.
public struct UpdateReport: Sendable, Hashable {
    /// The policy's part of the loss, mean over the last epoch.
    public var policyLoss: Double
    /// Half the mean squared error of the values, mean over the last epoch.
    public var valueLoss: Double
    /// Entropy of the policy in nats, mean over the last epoch.
    public var entropy: Double
    /// Mean of ρ − 1 − ln ρ over the last minibatch: how far the policy moved, in nats (Schulman 2020, "Approximating KL
    /// divergence").
    public var divergence: Double
    /// Share of the last minibatch's actions whose ratio is clipped.
    public var clippedShare: Double
    /// Norm of the last gradient before it was cut.
    public var gradientNorm: Double
    /// How much of the returns' variance the values foretold, at most 1; NaN where returns are all the same.
    public var explainedVariance: Double
    /// The learning rate of the last step.
    public var learningRate: Double

    /// All as named values, as runs log them.
    public var values: [String: Double] {
        [
            "loss/policy": policyLoss, "loss/value": valueLoss, "policy/entropy": entropy,
            "policy/divergence": divergence, "policy/clipped": clippedShare, "optimizer/gradient-norm": gradientNorm,
            "value/explained-variance": explainedVariance, "optimizer/learning-rate": learningRate,
        ]
    }
}

/// Proximal policy optimisation: learns from each rollout by some epochs of Adam on the clipped objective.
///
/// Schulman et al. 2017, arXiv:1707.06347, algorithm 1. It belongs to one thread at a time.
public final class ProximalPolicyLearner<Network: ActorCritic> {
    /// How it learns.
    public let options: ProximalPolicyOptions
    private var optimizer: FusedAdam<Network>
    private let schedule: Schedule
    private let adam: Adam
    var generator: SplittableGenerator
    private var memory: (rollout: RolloutMemory, minibatch: MinibatchMemory)?
    var iteration = 0

    /// A learner that starts from a network.
    ///
    /// - Parameters:
    ///   - network: where it starts; left as it is.
    ///   - options: how it learns.
    ///   - iterations: rollouts to come, for the learning rate's way to 0.
    ///   - generator: where the order of rows is drawn from.
    /// - Throws: `badOption` for options that can't be used.
    public init(
        _ network: Network, options: ProximalPolicyOptions, iterations: Int, generator: SplittableGenerator
    ) throws(ReinforcementLearningError) {
        try options.check()
        self.options = options
        self.generator = generator
        let updates = max(1, iterations * options.epochs * options.minibatches)
        schedule =
            options.annealsLearningRate
            ? .linear(from: options.learningRate, to: 0, steps: updates) : .constant(options.learningRate)
        adam = Adam(learningRate: .scheduled(schedule), options: AdamOptions(epsilon: options.epsilon))
        optimizer = FusedAdam(adam, model: network)
    }

    /// Lends the network as it is now.
    ///
    /// - Parameter body: takes it; its tensors change in the next update, so none of them may be kept.
    /// - Returns: what the closure returns.
    public func withNetwork<Result>(_ body: (Network) throws -> Result) rethrows -> Result {
        try optimizer.withModel(body)
    }

    /// A copy of the network as it is now.
    public var network: Network { optimizer.snapshot() }

    /// What Adam remembers.
    var moments: AdamState { optimizer.state() }

    /// Goes on from other parameters and moments.
    func replace(_ network: Network, _ moments: AdamState) {
        optimizer = FusedAdam(adam, model: network, state: moments)
    }

    /// Learns from a rollout.
    ///
    /// - Parameter rollout: what happened under the present network.
    /// - Returns: what it came to.
    /// - Throws: `diverged` where the loss isn't finite.
    public func update(on rollout: RolloutMemory) throws(ReinforcementLearningError) -> UpdateReport {
        iteration += 1
        let minibatch = minibatchMemory(for: rollout)
        var rows = rollout.rowsToLearn
        let parts = min(options.minibatches, rows.count)
        var sums = (policy: 0.0, value: 0.0, entropy: 0.0)
        var last = (divergence: 0.0, clipped: 0.0, norm: 0.0)
        for epoch in 1...options.epochs {
            generator.shuffle(&rows)
            for part in 0..<parts {
                let range = (part * rows.count / parts)..<((part + 1) * rows.count / parts)
                let batch = minibatch.gather(rows[range], normalizesAdvantages: options.normalizesAdvantages)
                let (terms, norm) = step(batch)
                guard epoch == options.epochs else { continue }
                sums.policy += terms.policy.item() / Double(parts)
                sums.value += terms.value.item() / Double(parts)
                sums.entropy += terms.entropy.item() / Double(parts)
                if part == parts - 1 { last = spread(of: terms, norm) }
            }
        }
        guard (sums.policy + sums.value + sums.entropy).isFinite else { throw .diverged(iteration: iteration) }
        return UpdateReport(
            policyLoss: sums.policy, valueLoss: sums.value, entropy: sums.entropy, divergence: last.divergence,
            clippedShare: last.clipped, gradientNorm: last.norm, explainedVariance: rollout.explainedVariance,
            learningRate: schedule(max(0, optimizer.stepCount - 1)))
    }

    private func minibatchMemory(for rollout: RolloutMemory) -> MinibatchMemory {
        if let memory, memory.rollout === rollout { return memory.minibatch }
        let rows = rollout.steps * rollout.environments
        let minibatch = MinibatchMemory(
            rollout, capacity: (rows + options.minibatches - 1) / options.minibatches)
        memory = (rollout, minibatch)
        return minibatch
    }

    /// One step of Adam.
    private func step(_ batch: ProximalPolicyBatch) -> (terms: ProximalPolicyTerms, norm: Tensor?) {
        let (_, terms, gradient) = optimizer.withModel { network in
            valueAuxiliaryAndGrad(at: network) { $0.proximalPolicyLoss(batch, options) }
        }
        guard options.maximumGradientNorm > 0 else {
            optimizer.step(gradient)
            return (terms, nil)
        }
        let (clipped, norm) = gradient.clippedByGlobalNorm(options.maximumGradientNorm)
        optimizer.step(clipped)
        return (terms, norm)
    }

    private func spread(
        of terms: ProximalPolicyTerms, _ norm: Tensor?
    ) -> (divergence: Double, clipped: Double, norm: Double) {
        let logRatios = terms.logRatios
        let ratios = logRatios.exp()
        let divergence = (ratios - 1 - logRatios).mean().item()
        let clipped = ((ratios - 1).absolute() .> options.clip).to(.float32).mean().item()
        return (divergence, clipped, norm?.item() ?? .nan)
    }
}
