/// What can go wrong in this target because of what a caller gave.
public enum ReinforcementLearningError: Error, Hashable, Sendable {
    /// No policy can choose such actions.
    case unsupportedActions(space: String)
    /// No network can take such observations.
    case unsupportedObservations(space: String)
    /// An option can't be used.
    case badOption(name: String, reason: String)
    /// Training came to numbers that aren't finite.
    case diverged(iteration: Int)
}

extension ReinforcementLearningError: CustomStringConvertible {
    /// One sentence for a person: what, where, what to do.
    public var description: String {
        switch self {
        case .unsupportedActions(let space):
            "actions from \(space) can't be learned; a discrete space or a box of real numbers is needed"
        case .unsupportedObservations(let space):
            "observations from \(space) can't be learned from; real numbers or pictures of bytes are needed"
        case .badOption(let name, let reason): "the option \(name) can't be used: \(reason)"
        case .diverged(let iteration):
            "the loss of iteration \(iteration) isn't finite; lower the learning rate or scale the rewards"
        }
    }
}
