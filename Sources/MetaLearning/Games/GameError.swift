/// What can be wrong with a repeated game, its players or the way they learn.
///
/// Every case prints as one sentence.
public enum GameError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A payoff isn't finite, or there aren't four a player.
    case badPayoffs([Double])
    /// A discount lies outside what is allowed, or isn't a number.
    case badDiscount(value: Double, allowed: String)
    /// A policy must have five numbers: for the start and for each of the four outcomes.
    case badPolicy(count: Int)
    /// A number of samples, steps or updates that must be above zero isn't.
    case notPositive(name: String, value: Int)
    /// A replay buffer must hold a whole number of batches.
    case badCapacity(capacity: Int, batch: Int)
    /// A rate or weight that must be finite and not negative isn't.
    case badRate(name: String, value: Double)
    /// A number that must lie between 0 and 1, both excluded, doesn't.
    case notFraction(name: String, value: Double)
    /// There is no validation example, or no training example, to weigh others by.
    case noExamples(set: String)

    /// One sentence for a person, with the way out.
    public var description: String {
        switch self {
        case .badPayoffs(let payoffs):
            "A player's payoffs are \(payoffs); give four finite numbers, for the outcomes 00, 01, 10 and 11."
        case .badDiscount(let value, let allowed):
            "The discount is \(value); it must lie in \(allowed)."
        case .badPolicy(let count):
            "A policy has \(count) numbers; give five: for the start and for the outcomes 00, 01, 10 and 11."
        case .notPositive(let name, let value):
            "\(name) is \(value); it must be at least 1."
        case .badCapacity(let capacity, let batch):
            "The replay buffer's capacity of \(capacity) is not a multiple of the batch of \(batch); choose one that is."
        case .badRate(let name, let value):
            "\(name) is \(value); it must be finite and not negative."
        case .notFraction(let name, let value):
            "\(name) is \(value); it must lie in (0, 1)."
        case .noExamples(let set):
            "The \(set) set is empty; give at least one example."
        }
    }
}
