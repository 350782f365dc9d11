import Foundation
public import RunRecords

/// A statement about a recipe's result that `ludus verify` checks over several seeds.
public struct Claim: Sendable {
    /// What the result is compared with.
    public enum Bound: Sendable, CustomStringConvertible {
        /// The result is this or more.
        case atLeast(Double)
        /// The result is more than this.
        case above(Double)
        /// The result is this or less.
        case atMost(Double)
        /// The result is in this range.
        case within(ClosedRange<Double>)

        /// Whether a value keeps the bound; NaN never does.
        ///
        /// - Parameter value: the result.
        /// - Returns: true if it does.
        public func admits(_ value: Double) -> Bool {
            switch self {
            case .atLeast(let bound): value >= bound
            case .above(let bound): value > bound
            case .atMost(let bound): value <= bound
            case .within(let range): range.contains(value)
            }
        }

        /// For example `≥ 0.5`.
        public var description: String {
            switch self {
            case .atLeast(let bound): "≥ \(Self.digits(bound))"
            case .above(let bound): "> \(Self.digits(bound))"
            case .atMost(let bound): "≤ \(Self.digits(bound))"
            case .within(let range): "\(Self.digits(range.lowerBound)) … \(Self.digits(range.upperBound))"
            }
        }

        /// A number as it was written: sums such as 0.66 + 0.05 have digits that nobody wrote.
        private static func digits(_ value: Double) -> String { String(format: "%.8g", value) }
    }

    /// How the seeds' results are taken together.
    public enum Scope: String, Sendable {
        /// Their mean must keep the bound.
        case mean
        /// Each of them must keep it.
        case every
    }

    /// The result's name in what the recipe returns.
    public let metric: String
    /// The paper's value, where it gives one.
    public let paper: Double?
    /// The reference implementation's value, where one was run.
    public let peer: Double?
    /// What the result is compared with.
    public let bound: Bound
    /// How the seeds' results are taken together.
    public let scope: Scope

    /// Makes a claim.
    ///
    /// - Parameters:
    ///   - metric: the result's name in what the recipe returns.
    ///   - bound: what it is compared with.
    ///   - scope: how the seeds' results are taken together.
    ///   - paper: the paper's value, where it gives one.
    ///   - peer: the reference implementation's value, where one was run.
    public init(_ metric: String, _ bound: Bound, scope: Scope = .mean, paper: Double? = nil, peer: Double? = nil) {
        self.metric = metric
        self.bound = bound
        self.scope = scope
        self.paper = paper
        self.peer = peer
    }

    /// Checks the claim.
    ///
    /// - Parameter results: what the recipe returned, a dictionary for each seed; at least one.
    /// - Returns: the outcome; a result that is missing in any seed doesn't hold.
    public func outcome(of results: [[String: Double]]) -> ClaimOutcome {
        let values = results.compactMap { $0[metric] }
        guard values.count == results.count, !values.isEmpty else {
            return ClaimOutcome(claim: self, ours: nil, holds: false)
        }
        let interval = ConfidenceInterval(of: values)
        let holds = scope == .mean ? bound.admits(interval.mean) : values.allSatisfy(bound.admits)
        return ClaimOutcome(claim: self, ours: interval, holds: holds)
    }
}

/// A claim with what was found.
public struct ClaimOutcome: Sendable {
    /// The claim.
    public let claim: Claim
    /// Mean over the seeds with its 95 % interval; nil when a seed gave no such result.
    public let ours: ConfidenceInterval?
    /// Whether the claim holds.
    public let holds: Bool
}
