import Randomness

/// A made-up problem without a model: find one hidden sequence of choices among `branching`^`depth`.
///
/// Every state has a right choice; the problem is solved by `length` right choices in a row. Of the wrong choices some
/// are errors, which end a proposal as a wrong tactic ends a proof, and the others lead on; choices that differ only in
/// their last bit lead to the same state when `mergesPairs` is set, as different tactics may leave the same goals.
///
/// For tests, benchmarks and as an example of ``SearchProblem``. All is computed from the seed; nothing is stored.
public struct HiddenPathProblem: SearchProblem, Hashable, Codable {
    /// A state: where the choices so far have led.
    public struct State: Hashable, Codable, Sendable, CustomStringConvertible {
        /// Number of choices made.
        public let depth: Int
        /// Names the state among those of its depth.
        public let name: UInt64
        /// Whether all choices so far were right.
        public let isOnPath: Bool

        /// Depth and name, with a star on the hidden path.
        public var description: String { "\(depth):\(String(name, radix: 16))\(isOnPath ? "*" : "")" }
    }

    /// Number of choices of a solution, at least 1.
    public var length: Int
    /// Number of choices at each state, 2 to 256.
    public var branching: Int
    /// Share of wrong choices that are errors, in `[0, 1]`.
    public var errorRate: Double
    /// Whether choices that differ in their last bit lead to the same state.
    public var mergesPairs: Bool
    /// Seed of the hidden path, the errors and the names.
    public var seed: UInt64

    /// Makes up a problem.
    ///
    /// - Parameters:
    ///   - length: number of choices of a solution, at least 1.
    ///   - branching: number of choices at each state, 2 to 256.
    ///   - errorRate: share of wrong choices that are errors, in `[0, 1]`.
    ///   - mergesPairs: whether choices that differ in their last bit lead to the same state.
    ///   - seed: any number.
    public init(
        length: Int = 8, branching: Int = 4, errorRate: Double = 0.5, mergesPairs: Bool = false, seed: UInt64 = 0
    ) {
        precondition(
            length >= 1 && (2...256).contains(branching) && errorRate >= 0 && errorRate <= 1,
            "HiddenPathProblem: length \(length), branching \(branching), error rate \(errorRate); they must be at "
                + "least 1, in 2...256 and in [0, 1]")
        self.length = length
        self.branching = branching
        self.errorRate = errorRate
        self.mergesPairs = mergesPairs
        self.seed = seed
    }

    /// The state without any choice.
    public var root: SearchPoint<State, [UInt8]> {
        SearchPoint(state: State(depth: 0, name: mixed(seed, 0), isOnPath: true), prefix: [])
    }

    /// Makes the choices one by one until the end, an error or the solution.
    ///
    /// - Parameters:
    ///   - proposal: choices below `branching`; others are errors.
    ///   - point: where they go on.
    /// - Returns: the states after each choice; the solution is all choices from the root.
    /// - Throws: nothing.
    public func evaluate(
        _ proposal: [UInt8], from point: SearchPoint<State, [UInt8]>
    ) async throws -> ProposalEvaluation<State, [UInt8], [UInt8]> {
        outcome(of: proposal, from: point)
    }

    /// What ``evaluate(_:from:)`` returns, without suspension.
    ///
    /// - Parameters:
    ///   - proposal: choices below `branching`; others are errors.
    ///   - point: where they go on.
    /// - Returns: the states after each choice; the solution is all choices from the root.
    public func outcome(
        of proposal: [UInt8], from point: SearchPoint<State, [UInt8]>
    ) -> ProposalEvaluation<State, [UInt8], [UInt8]> {
        var result = ProposalEvaluation<State, [UInt8], [UInt8]>(segments: [])
        result.segments.reserveCapacity(proposal.count)
        var current = point
        for choice in proposal where current.state.depth < length {
            guard let next = state(after: choice, in: current.state) else { break }
            current.state = next
            current.prefix.append(choice)
            result.segments.append(current)
            if next.depth == length && next.isOnPath { result.solution = current.prefix }
        }
        return result
    }

    /// The right choice in a state.
    ///
    /// - Parameter state: any state.
    /// - Returns: a choice below `branching`.
    public func rightChoice(in state: State) -> UInt8 {
        UInt8(mixed(state.name, 1) % UInt64(branching))
    }

    private func state(after choice: UInt8, in state: State) -> State? {
        guard Int(choice) < branching else { return nil }
        let right = rightChoice(in: state)
        let target = mergesPairs ? choice >> 1 : choice
        let isRight = target == (mergesPairs ? right >> 1 : right)
        if !isRight && Double(mixed(state.name, UInt64(choice) + 1000) >> 11) * 0x1p-53 < errorRate { return nil }
        return State(
            depth: state.depth + 1, name: mixed(state.name, UInt64(target) + 2), isOnPath: state.isOnPath && isRight)
    }

    /// Mixes two numbers; the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
        var z = a &+ (b &+ 1) &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

/// Proposes random choices for a ``HiddenPathProblem``; in the resumed state it may know the right one.
public struct HiddenPathGenerator: ProposalGenerator, Hashable, Codable {
    /// The problem to propose for.
    public var problem: HiddenPathProblem
    /// Probability of knowing the right choice in the resumed state, in `[0, 1]`; with 0 all choices are guesses.
    public var skill: Double

    /// Makes a generator for a problem.
    ///
    /// - Parameters:
    ///   - problem: the problem to propose for.
    ///   - skill: probability of knowing the right choice in the resumed state, in `[0, 1]`.
    public init(for problem: HiddenPathProblem, skill: Double = 0) {
        precondition(skill >= 0 && skill <= 1, "HiddenPathGenerator: the skill is \(skill); it must be in [0, 1]")
        self.problem = problem
        self.skill = skill
    }

    /// Continues each prefix to the full length.
    ///
    /// - Parameter requests: any number.
    /// - Returns: choices, one list for each request.
    /// - Throws: nothing.
    public func propose(
        _ requests: [ProposalRequest<HiddenPathProblem.State, [UInt8]>]
    ) async throws -> [[UInt8]] {
        requests.map(proposal)
    }

    /// The proposal for one request, without suspension.
    ///
    /// - Parameter request: where to go on, and the seed.
    /// - Returns: choices up to the full length.
    public func proposal(for request: ProposalRequest<HiddenPathProblem.State, [UInt8]>) -> [UInt8] {
        var generator = SplittableGenerator(seed: request.seed)
        // The right choice is known in the resumed state only; after that the states are not known without running.
        let rest = max(problem.length - request.point.state.depth, 0)
        return (0..<rest).map { step in
            let guess = UInt8(generator.integer(below: problem.branching))
            if step == 0 && skill > 0 && generator.bernoulli(skill) {
                return problem.rightChoice(in: request.point.state)
            }
            return guess
        }
    }
}
