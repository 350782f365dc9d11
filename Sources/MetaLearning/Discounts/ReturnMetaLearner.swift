import Optimizers
public import Randomness
import Tensors

/// How actor-critics learn, and how what they learn from is learnt.
public struct ReturnMetaOptions: Codable, Hashable, Sendable {
    /// Travellers of each learner.
    public var travellers = 64
    /// Steps of a rollout.
    public var steps = 20
    /// Inner updates before each meta-update, at least 1.
    public var innerUpdates = 3
    /// Rate of the inner updates.
    public var innerRate = 1.0
    /// Adam's rate for the logits of γ, λ and both weights; 0 leaves them as they are.
    public var metaRate = 0.05
    /// γ of the meta-loss, in [0, 1].
    public var outerDiscount = 0.99
    /// λ of the meta-loss, in [0, 1].
    public var outerLambda = 0.95
    /// How the policy's loss is written in inner updates.
    public var surrogate = PolicySurrogate.policyGradient

    /// Defaults as in the properties.
    public init() {}

    func validate() throws(GameError) {
        for (name, value) in [("travellers", travellers), ("steps", steps), ("inner updates", innerUpdates)]
        where value < 1 {
            throw .notPositive(name: "The number of \(name)", value: value)
        }
        for (name, rate) in [("The inner rate", innerRate), ("The meta rate", metaRate)]
        where !(rate >= 0 && rate.isFinite) {
            throw .badRate(name: name, value: rate)
        }
        for value in [outerDiscount, outerLambda] where !(value >= 0 && value <= 1) {
            throw .badDiscount(value: value, allowed: "[0, 1]")
        }
    }
}

/// Actor-critics on a `PrizeRoad` whose γ, λ and loss weights are learnt by the gradient, through a few inner updates,
/// of the policy loss on a rollout made afterwards.
///
/// Several independent learners are taken together along a leading axis.
///
/// Source: Xu, van Hasselt and Silver 2018, "Meta-gradient reinforcement learning"; three inner updates, a fresh rollout
/// that is then used as the next inner batch, and all four parameters as in Liu et al. 2022.
public struct ReturnMetaLearner {
    /// The road.
    public let road: PrizeRoad
    /// How everything is learnt.
    public let options: ReturnMetaOptions
    /// Policies and values.
    public private(set) var model: RoadActorCritic
    /// γ, λ and the weights, `[learners, 1]` each.
    public private(set) var parameters: ReturnParameters
    private var optimizerState: Adam.State
    private var travellers: [[Int]]
    private var latest: RoadRollout?
    private var generator: SplittableGenerator

    /// Creates learners.
    ///
    /// - Parameters:
    ///   - road: the road.
    ///   - learners: number of independent learners, at least 1.
    ///   - parameters: γ, λ and the weights at the start, of shape `[learners, 1]` in double precision.
    ///   - options: how everything is learnt.
    ///   - generator: where random numbers come from.
    /// - Throws: `GameError` for options out of range.
    public init(
        _ road: PrizeRoad, learners: Int, parameters: ReturnParameters, options: ReturnMetaOptions,
        generator: SplittableGenerator
    ) throws(GameError) {
        try options.validate()
        guard learners > 0 else { throw .notPositive(name: "The number of learners", value: learners) }
        precondition(
            parameters.discountLogit.shape == [learners, 1],
            "ReturnMetaLearner: parameters of shape \(parameters.discountLogit.shape), not [\(learners), 1]")
        self.road = road
        self.options = options
        self.parameters = parameters
        self.generator = generator
        model = RoadActorCritic(learners: learners, places: road.places)
        optimizerState = Adam(learningRate: .constant(options.metaRate)).initialState(for: parameters)
        travellers = Array(repeating: Array(repeating: 0, count: options.travellers), count: learners)
    }

    /// Makes the inner updates and one meta-update.
    public mutating func update() {
        var rollouts: [RoadRollout] = []
        var trained = model
        var constant = parameters.mapTensors { $0.detached() }
        // New rollouts need the policies of their time, so the updates are made once without a graph and, where
        // anything is to be learnt through them, once again with one.
        for step in 0..<options.innerUpdates {
            let rollout = step == 0 ? latest ?? travel(trained) : travel(trained)
            rollouts.append(rollout)
            trained = innerStep(trained, rollout, constant, createGraph: false)
        }
        let later = travel(trained)
        if options.metaRate > 0 {
            let advantages = outerAdvantages(later, trained)
            let gradient = grad(at: parameters) { metaLoss($0, rollouts, later, advantages) }
            Adam(learningRate: .constant(options.metaRate)).step(
                &constant, gradients: gradient, state: &optimizerState)
            parameters = constant
        }
        model = trained
        latest = later
    }

    /// The mean reward a step of each learner's policy, exactly.
    ///
    /// - Parameter steps: number of steps to take the mean over, at least 1.
    /// - Returns: a number for each learner.
    public func meanRewards(steps: Int) -> [Double] {
        model.goingOn.map { road.meanReward(goingOn: $0, steps: steps) }
    }

    private mutating func travel(_ model: RoadActorCritic) -> RoadRollout {
        RoadRollout(
            road, goingOn: model.goingOn, steps: options.steps, travellers: &travellers, using: &generator)
    }

    /// One inner update; differentiable by parameters and by the model before it.
    private func innerStep(
        _ model: RoadActorCritic, _ rollout: RoadRollout, _ parameters: ReturnParameters, createGraph: Bool
    ) -> RoadActorCritic {
        let returns = rollout.returns(model, discount: parameters.discount, lambda: parameters.lambda)
        let advantages = returns - rollout.looked(up: rollout.places, in: model.values)
        let gradient = grad(at: model, createGraph: createGraph) {
            rollout.loss($0, returns: returns, advantages: advantages, parameters, options.surrogate)
        }
        return model.applying(gradient.mapTensors { $0 * -options.innerRate })
    }

    /// How much better the last rollout went than the trained values say, a constant.
    func outerAdvantages(_ later: RoadRollout, _ trained: RoadActorCritic) -> Tensor {
        let returns = later.returns(
            trained, discount: Tensor(options.outerDiscount, dtype: .float64),
            lambda: Tensor(options.outerLambda, dtype: .float64))
        return returns - later.looked(up: later.places, in: trained.values)
    }

    /// The policy loss on the last rollout after all inner updates, summed over learners.
    func metaLoss(
        _ parameters: ReturnParameters, _ rollouts: [RoadRollout], _ later: RoadRollout, _ advantages: Tensor
    ) -> Tensor {
        let trained = rollouts.reduce(model) { innerStep($0, $1, parameters, createGraph: true) }
        return later.policyLoss(trained, advantages: advantages, .policyGradient).sum()
    }

    /// Rollouts and the state needed to check `metaLoss`, without changing the learners.
    func rolloutsForOneUpdate() -> (rollouts: [RoadRollout], later: RoadRollout, advantages: Tensor) {
        var copy = self
        var trained = model
        let rollouts = (0..<options.innerUpdates).map { _ in
            let rollout = copy.travel(trained)
            trained = innerStep(trained, rollout, parameters, createGraph: false)
            return rollout
        }
        let later = copy.travel(trained)
        return (rollouts, later, outerAdvantages(later, trained))
    }
}
