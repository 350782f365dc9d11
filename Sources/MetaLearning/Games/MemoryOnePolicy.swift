import Foundation

/// A policy that looks at the last outcome only: five logits, for the start and for the outcomes 00, 01, 10, 11.
///
/// In an outcome the first digit is the policy's own last action, whichever player it is. The probability of action 0
/// is the sigmoid of the logit; in the prisoner's dilemma action 0 defects.
public struct MemoryOnePolicy: Codable, Hashable, Sendable {
    /// Logits of action 0: at the start, and after the outcomes 00, 01, 10, 11.
    public internal(set) var logits: [Double]

    /// Creates a policy.
    ///
    /// - Parameter logits: logits of action 0: at the start, and after the outcomes 00, 01, 10, 11; infinite ones make
    ///   the action certain.
    /// - Throws: `GameError.badPolicy` unless there are five numbers.
    public init(logits: [Double]) throws(GameError) {
        guard logits.count == 5, logits.allSatisfy({ !$0.isNaN }) else { throw .badPolicy(count: logits.count) }
        self.logits = logits
    }

    /// A policy whose logits have just been computed from another's.
    init(computed logits: [Double]) {
        self.logits = logits
    }

    /// Both actions with probability ½ everywhere.
    public static let uniform = MemoryOnePolicy(computed: [0, 0, 0, 0, 0])

    /// Action 0 everywhere.
    public static let alwaysZero = MemoryOnePolicy(computed: [Double](repeating: .infinity, count: 5))

    /// Action 1 everywhere.
    public static let alwaysOne = MemoryOnePolicy(computed: [Double](repeating: -.infinity, count: 5))

    /// Action 1 at first, then what the other player did last.
    public static let titForTat = MemoryOnePolicy(
        computed: [-.infinity, .infinity, -.infinity, .infinity, -.infinity])

    /// Action 1 at first and after equal actions, else action 0 ("win, stay; lose, shift").
    public static let winStayLoseShift = MemoryOnePolicy(
        computed: [-.infinity, -.infinity, .infinity, .infinity, -.infinity])

    /// Probabilities of action 0: at the start, and after the outcomes 00, 01, 10, 11.
    public var probabilities: [Double] { logits.map { 1 / (1 + exp(-$0)) } }

    /// The policy with something added to its logits.
    ///
    /// - Parameters:
    ///   - step: five numbers.
    ///   - scale: what to multiply them by.
    /// - Returns: the moved policy.
    public func moved(by step: [Double], scale: Double = 1) -> MemoryOnePolicy {
        precondition(step.count == 5, "MemoryOnePolicy.moved: a step of \(step.count) numbers; give five")
        return MemoryOnePolicy(computed: zip(logits, step).map { $0 + scale * $1 })
    }
}

/// Derivatives by both players' logits.
public struct JointGradient: Codable, Hashable, Sendable {
    /// By the first player's five logits.
    public var first: [Double]
    /// By the second player's five logits.
    public var second: [Double]

    /// Creates derivatives.
    ///
    /// - Parameters:
    ///   - first: by the first player's five logits.
    ///   - second: by the second player's five logits.
    public init(first: [Double], second: [Double]) {
        precondition(
            first.count == 5 && second.count == 5, "JointGradient: \(first.count) and \(second.count) numbers, not five"
        )
        self.first = first
        self.second = second
    }

    /// Zero for one player, given numbers for the other.
    init(_ numbers: [Double], of player: Player) {
        let zeros = [Double](repeating: 0, count: 5)
        self.init(first: player == .first ? numbers : zeros, second: player == .second ? numbers : zeros)
    }

    /// The derivatives by one player's logits.
    ///
    /// - Parameter player: whose logits.
    public subscript(player: Player) -> [Double] {
        player == .first ? first : second
    }
}
