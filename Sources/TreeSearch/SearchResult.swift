/// Everything that a search found and did.
public struct SearchResult<State: Hashable & Sendable, Prefix: Hashable & Sendable, Solution: Sendable>: Sendable {
    /// Why a search ended.
    public enum Ending: String, Hashable, Codable, Sendable {
        /// As many solutions as asked for were found.
        case solved
        /// The whole budget was spent.
        case budgetSpent
        /// Too many jobs in a row failed; nothing is known about the problem's difficulty.
        case failed
        /// The task of the search was cancelled.
        case cancelled
    }

    /// A solution and where it was found.
    public struct Found: Sendable {
        /// The solution itself.
        public let solution: Solution
        /// Index of the tree.
        public let tree: Int
        /// The final node; the expanded one when the evaluation listed no state.
        public let node: Int
        /// How many proposals had been begun before this one, over all trees: its cost less one.
        public let generation: Int
    }

    /// Why the search ended.
    public let ending: Ending
    /// What was found, in the order in which results were taken.
    public let solutions: [Found]
    /// How many proposals were begun, and what became of them.
    public let counts: SearchCounts
    /// The first few failures of generator or evaluation.
    public let failures: [SearchFailure]
    /// The trees, with no job running.
    public let trees: [SearchTree<State, Prefix>]
}

/// How many proposals were begun and what became of them; the last three sum to the first.
public struct SearchCounts: Hashable, Codable, Sendable {
    /// Proposals that were begun: the spent budget.
    public internal(set) var begun = 0
    /// Proposals that were evaluated and counted in a tree.
    public internal(set) var evaluated = 0
    /// Proposals whose generation or evaluation broke down; no tree counts them.
    public internal(set) var failed = 0
    /// Proposals that were still in flight when the search ended; no tree counts them.
    public internal(set) var abandoned = 0
}

/// A breakdown of generator or evaluation, which says nothing about the proposal.
public struct SearchFailure: Hashable, Codable, Sendable {
    /// Where it happened.
    public enum Stage: String, Hashable, Codable, Sendable {
        /// The generator failed.
        case generation
        /// The evaluation of a proposal failed.
        case evaluation
    }

    /// Where it happened.
    public let stage: Stage
    /// Index of the tree.
    public let tree: Int
    /// How many proposals had been begun before, over all trees.
    public let generation: Int
    /// The error's own words.
    public let message: String
}

/// One taken result, for logs and progress lines.
public struct SearchEvent: Hashable, Codable, Sendable {
    /// How many proposals had been begun before this one, over all trees.
    public let generation: Int
    /// Index of the tree.
    public let tree: Int
    /// The expanded node.
    public let node: Int
    /// Depth of the expanded node; the root has 0.
    public let depth: Int
    /// What changed in the tree; nil when the job failed.
    public let update: SearchUpdate?
    /// Whether the proposal solved the problem.
    public let isSolution: Bool
    /// The breakdown, if there was one.
    public let failure: SearchFailure?
}
