public import Tensors

/// Tabular policies and values of several learners on a `PrizeRoad`.
public struct RoadActorCritic: TensorTree, Sendable {
    /// Logits of the two actions, `[learners, places, 2]`, in double precision.
    public var policy: Tensor
    /// Values, `[learners, places]`, in double precision.
    public var values: Tensor

    /// Policies that act at random, values of 0.
    ///
    /// - Parameters:
    ///   - learners: number of learners, at least 1.
    ///   - places: number of places of the road.
    public init(learners: Int, places: Int) {
        policy = .zeros([learners, places, 2], dtype: .float64)
        values = .zeros([learners, places], dtype: .float64)
    }

    /// Both tables, as `policy` and `values`.
    ///
    /// - Parameter visitor: sees and may replace every tensor.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("policy", &policy)
        visitor.visit("values", &values)
    }

    /// Probabilities of going on, by learner and place.
    public var goingOn: [[Double]] {
        let probabilities = policy.softmax(dimension: -1).select(dimension: -1, index: 1)
        let numbers = probabilities.array(of: Double.self)
        let places = policy.shape[1]
        return (0..<policy.shape[0]).map { Array(numbers[($0 * places)..<(($0 + 1) * places)]) }
    }
}

/// How the policy's part of a loss is written; the gradients are the same, second derivatives aren't.
public enum PolicySurrogate: String, Codable, Sendable, CaseIterable {
    /// A · log π: the second derivative lacks the product of two scores.
    case policyGradient
    /// A · π / stop(π), low-variance curvature.
    ///
    /// Source: Rothfuss et al. 2019, "ProMP: Proximal meta-policy search", section 4.
    case lowVarianceCurvature

    func callAsFunction(_ logProbabilities: Tensor, _ advantages: Tensor) -> Tensor {
        switch self {
        case .policyGradient: logProbabilities * advantages
        case .lowVarianceCurvature: (logProbabilities - logProbabilities.detached()).exp() * advantages
        }
    }
}

extension RoadRollout {
    /// λ-returns from given values; one can differentiate them by γ, λ and the values.
    func returns(_ model: RoadActorCritic, discount: Tensor, lambda: Tensor) -> Tensor {
        DiscountedReturns.lambdaReturns(
            rewards: rewards, nextValues: looked(up: nextPlaces, in: model.values), discount: discount, lambda: lambda)
    }

    /// The policy's loss, the mean for each learner: `[learners]`.
    func policyLoss(_ model: RoadActorCritic, advantages: Tensor, _ surrogate: PolicySurrogate) -> Tensor {
        let table = model.policy.logSoftmax(dimension: -1).flattened(from: 1, through: 2)
        return -surrogate(looked(up: choices, in: table), advantages).mean(dimensions: [0, 2])
    }

    /// The whole loss of an actor-critic with given targets, summed over learners.
    func loss(
        _ model: RoadActorCritic, returns: Tensor, advantages: Tensor, _ parameters: ReturnParameters,
        _ surrogate: PolicySurrogate
    ) -> Tensor {
        let policyLoss = policyLoss(model, advantages: advantages, surrogate)
        let valueLoss = (looked(up: places, in: model.values) - returns).square().mean(dimensions: [0, 2])
        let logarithms = model.policy.logSoftmax(dimension: -1)
        let entropies = -(logarithms.exp() * logarithms).sum(dimension: -1)
        let entropy = looked(up: places, in: entropies).mean(dimensions: [0, 2])
        let valueWeight = parameters.valueWeight.reshaped([-1])
        let entropyWeight = parameters.entropyWeight.reshaped([-1])
        return (policyLoss + valueWeight * valueLoss - entropyWeight * entropy).sum()
    }
}
