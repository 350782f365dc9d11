public import Optimizers
import Tensors

/// What a training step found.
public struct TrainingStepReport: Hashable, Codable, Sendable {
    /// Mean cross-entropy in nats over the targets that count, before the step.
    public var loss: Double
    /// Euclidean norm of all gradients together, before clipping.
    public var gradientNorm: Double
    /// Number of targets that counted.
    public var scoredCount: Int

    /// A report.
    public init(loss: Double, gradientNorm: Double, scoredCount: Int) {
        self.loss = loss
        self.gradientNorm = gradientNorm
        self.scoredCount = scoredCount
    }
}

extension FusedAdam where Model == DecoderModel {
    /// One step on a batch: loss, gradient, clipping by the global norm, update.
    ///
    /// - Parameters:
    ///   - batch: at least one target must count, else it traps.
    ///   - maximumGradientNorm: gradients with a larger norm are scaled down to it.
    /// - Returns: loss and gradient norm before the step.
    @discardableResult
    public func learn(_ batch: TokenBatch, maximumGradientNorm: Double = 1) -> TrainingStepReport {
        let (loss, gradients) = withModel { model in valueAndGrad(at: model) { $0.loss(batch) } }
        let (clipped, norm) = gradients.clippedByGlobalNorm(maximumGradientNorm)
        step(clipped)
        return TrainingStepReport(loss: loss.item(), gradientNorm: norm.item(), scoredCount: batch.scoredCount)
    }
}

extension AdamW {
    /// The optimiser of DeepSeek LLM: decays 0.9 and 0.95, weight decay 0.1 on matrices, multi-step schedule.
    ///
    /// Source: DeepSeek LLM, arXiv:2401.02954, section 2.3.
    ///
    /// - Parameters:
    ///   - learningRate: the highest rate, after the warm-up.
    ///   - totalSteps: number of steps of the whole run.
    ///   - warmUpSteps: steps until the highest rate; 2,000 in the paper.
    ///   - weightDecay: 0.1 in the paper.
    /// - Returns: the optimiser.
    public static func deepSeek(
        learningRate: Double, totalSteps: Int, warmUpSteps: Int = 2000, weightDecay: Double = 0.1
    ) -> AdamW {
        AdamW(
            learningRate: .scheduled(
                .deepSeekMultiStep(maximum: learningRate, totalSteps: totalSteps, warmUpSteps: warmUpSteps)),
            weightDecay: .constant(weightDecay), decayMask: .matrices,
            options: AdamOptions(firstMomentDecay: 0.9, secondMomentDecay: 0.95))
    }
}
