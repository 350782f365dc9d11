/// How proximal policy optimisation learns from a rollout.
///
/// Names and starting values as in Schulman et al. 2017, arXiv:1707.06347, and Huang et al. 2022, "The 37 implementation
/// details of proximal policy optimization".
public struct ProximalPolicyOptions: Sendable, Hashable, Codable {
    /// Adam's learning rate at the start.
    public var learningRate: Double
    /// Whether the learning rate falls in a straight line to 0 at the end of training.
    public var annealsLearningRate: Bool
    /// Times that each rollout is gone through.
    public var epochs: Int
    /// Parts that a rollout is cut into, each for one step of Adam.
    public var minibatches: Int
    /// ε: how far the probability of an action may move, as a ratio to what it was.
    public var clip: Double
    /// How far a value may move from what it was; 0: as far as it likes.
    public var valueClip: Double
    /// Factor of the value's loss.
    public var valueWeight: Double
    /// Factor of the entropy, which is made larger.
    public var entropyWeight: Double
    /// The largest norm of the gradient; 0: any.
    public var maximumGradientNorm: Double
    /// Whether each minibatch's advantages are shifted and scaled to mean 0 and deviation 1.
    public var normalizesAdvantages: Bool
    /// Adam's ε.
    public var epsilon: Double

    /// Settings; see the properties.
    public init(
        learningRate: Double = 2.5e-4, annealsLearningRate: Bool = true, epochs: Int = 4, minibatches: Int = 4,
        clip: Double = 0.2, valueClip: Double = 0, valueWeight: Double = 0.5, entropyWeight: Double = 0.01,
        maximumGradientNorm: Double = 0.5, normalizesAdvantages: Bool = true, epsilon: Double = 1e-5
    ) {
        self.learningRate = learningRate
        self.annealsLearningRate = annealsLearningRate
        self.epochs = epochs
        self.minibatches = minibatches
        self.clip = clip
        self.valueClip = valueClip
        self.valueWeight = valueWeight
        self.entropyWeight = entropyWeight
        self.maximumGradientNorm = maximumGradientNorm
        self.normalizesAdvantages = normalizesAdvantages
        self.epsilon = epsilon
    }

    /// Complains about options that can't be used.
    func check() throws(ReinforcementLearningError) {
        let counts = [("epochs", epochs), ("minibatches", minibatches)]
        for (name, value) in counts where value < 1 {
            throw .badOption(name: name, reason: "it is \(value), must be at least 1")
        }
        let positive = [("learningRate", learningRate), ("clip", clip)]
        for (name, value) in positive where !(value > 0) {
            throw .badOption(name: name, reason: "it is \(value), must be above 0")
        }
        let others = [
            ("valueClip", valueClip), ("valueWeight", valueWeight), ("entropyWeight", entropyWeight),
            ("maximumGradientNorm", maximumGradientNorm), ("epsilon", epsilon),
        ]
        for (name, value) in others where !(value >= 0) {
            throw .badOption(name: name, reason: "it is \(value), must be at least 0")
        }
    }
}
