/// What can go wrong when a problem of meta-learning is set up.
public enum MetaLearningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A setting that makes no sense.
    case badValue(name: String, value: String, reason: String)
    /// The values of a process aren't finite, so that they solve no linear system.
    case singularSystem(discount: Double)

    /// The sentence to show: what, where, what to do.
    public var description: String {
        switch self {
        case .badValue(let name, let value, let reason):
            "\(name) is \(value): \(reason)"
        case .singularSystem(let discount):
            "The values at discount \(discount) solve no linear system: "
                + "choose a discount below 1, or a process that always ends."
        }
    }
}
