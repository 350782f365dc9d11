public import Randomness

/// A search tree and its statistics: the synchronous core of every search here.
///
/// Nodes are states; equal states are one node only under the same parent. A node keeps the distinct prefixes that
/// reach it. A job is taken with ``begin()``, run by the caller and brought back with ``finish(_:reaching:isSolved:)``
/// or ``abandon(_:)``; any number of jobs may run at a time, in any order.
///
/// A value without locks: whoever owns it runs the search. ``search(_:proposing:options:observe:)`` does for most uses.
///
/// Source: RMaxTS of DeepSeek-Prover-V1.5, arXiv:2408.08152, section 3, and the behaviour of its published code where
/// the paper leaves it open (floors, which counts the virtual child uses, ties).
public struct SearchTree<State: Hashable & Sendable, Prefix: Hashable & Sendable>: Sendable {
    /// A state under its parent: what makes two states one node.
    struct ChildKey: Hashable, Sendable {
        let parent: Int32
        let state: State
    }

    /// A prefix at its node: what makes two prefixes one.
    struct PrefixKey: Hashable, Sendable {
        let node: Int32
        let prefix: Prefix
    }

    let generator: SplittableGenerator
    /// Shape and statistics; a node's index there is its index in ``states`` and ``prefixes``.
    var statistics: StatisticsTree
    var states: [State]
    var prefixes: [[Prefix]]
    var childIndex: [ChildKey: Int32] = [:]
    var knownPrefixes: Set<PrefixKey>
    /// The nodes of the running jobs by job number.
    private var running: [Int: Int32] = [:]
    /// How many jobs were begun.
    public private(set) var begunJobs = 0
    /// How many jobs were finished.
    public private(set) var finishedJobs = 0

    /// Plants a tree.
    ///
    /// - Parameters:
    ///   - root: where the search starts.
    ///   - policy: how the tree chooses; its discount must be in `(0, 1]` and its exploration not negative.
    ///   - generator: source of the choice among prefixes and of the seeds of the jobs. Job `i` uses the stream folded
    ///     with `i` only, whatever else runs.
    public init(
        root: SearchPoint<State, Prefix>, policy: SearchPolicy = .rmaxts, generator: SplittableGenerator
    ) {
        precondition(
            policy.discount > 0 && policy.discount <= 1 && policy.exploration >= 0 && policy.exploration.isFinite,
            "SearchTree: discount \(policy.discount) and exploration \(policy.exploration); the first must be in "
                + "(0, 1], the second finite and not negative")
        self.generator = generator
        statistics = StatisticsTree(policy: policy)
        states = [root.state]
        prefixes = [[root.prefix]]
        knownPrefixes = [PrefixKey(node: 0, prefix: root.prefix)]
    }

    /// How the tree chooses.
    public var policy: SearchPolicy { statistics.policy }

    /// Number of nodes, the root included.
    public var nodeCount: Int { states.count }

    /// Number of jobs that were begun and neither finished nor abandoned.
    public var runningJobs: Int { running.count }

    /// Chooses a node and one of its prefixes and counts the job as running (virtual loss).
    ///
    /// - Returns: what to propose for; must be given back exactly once.
    /// - Complexity: O(sum of the numbers of children on the way from the root).
    public mutating func begin() -> SearchJob<State, Prefix> {
        let number = begunJobs
        begunJobs += 1
        let node = statistics.select()
        var stream = generator.folding(in: UInt64(number))
        let choice = stream.integer(below: prefixes[node].count)
        let point = SearchPoint(state: states[node], prefix: prefixes[node][choice])
        statistics.changeRunning(from: node, by: 1)
        running[number] = Int32(node)
        return SearchJob(number: number, node: node, request: ProposalRequest(point: point, seed: stream.next()))
    }

    /// Takes the result of a job: adds the new states, rewards the way from its node to the root.
    ///
    /// - Parameters:
    ///   - job: a running job of this tree; another one traps.
    ///   - segments: the successive points that its proposal reached. A point whose state equals the one before opens
    ///     no node.
    ///   - isSolved: whether the proposal solved the problem; the last node it reached is then never chosen again.
    /// - Returns: what changed.
    public mutating func finish(
        _ job: SearchJob<State, Prefix>, reaching segments: [SearchPoint<State, Prefix>], isSolved: Bool
    ) -> SearchUpdate {
        endRunning(job)
        finishedJobs += 1
        let before = nodeCount
        let last = insert(segments, below: job.node, origin: job.number)
        if isSolved && last != job.node { statistics.nodes[last].isSolved = true }
        let added = nodeCount - before
        let isSuccess = policy.reward == .novelty ? added > 0 : isSolved
        statistics.record(isSuccess ? 1 : 0, from: job.node)
        return SearchUpdate(reward: isSuccess ? 1 : 0, addedNodes: added, lastNode: last)
    }

    /// Takes a job back as if it had never begun, for example because its evaluation broke down.
    ///
    /// All statistics are then the same, bit for bit, as without the job; only ``begunJobs`` stays.
    ///
    /// - Parameter job: a running job of this tree; another one traps.
    public mutating func abandon(_ job: SearchJob<State, Prefix>) {
        endRunning(job)
    }

    /// Walks down along the states of a proposal, adding those that are missing.
    ///
    /// - Returns: the last node.
    mutating func insert(_ segments: [SearchPoint<State, Prefix>], below start: Int, origin: Int) -> Int {
        var current = start
        for segment in segments where segment.state != states[current] {
            let key = ChildKey(parent: Int32(current), state: segment.state)
            let child: Int
            if let known = childIndex[key] {
                child = Int(known)
            } else {
                child = statistics.addChild(below: current, origin: origin)
                states.append(segment.state)
                prefixes.append([])
                childIndex[key] = Int32(child)
            }
            if knownPrefixes.insert(PrefixKey(node: Int32(child), prefix: segment.prefix)).inserted {
                prefixes[child].append(segment.prefix)
            }
            current = child
        }
        return current
    }

    private mutating func endRunning(_ job: SearchJob<State, Prefix>) {
        let node = running.removeValue(forKey: job.number)
        precondition(
            node == Int32(job.node),
            "SearchTree: job \(job.number) at node \(job.node) is not running here; give every job back exactly once")
        statistics.changeRunning(from: job.node, by: -1)
    }
}

/// One expansion in progress.
public struct SearchJob<State: Hashable & Sendable, Prefix: Hashable & Sendable>: Hashable, Sendable {
    /// Place in the order in which the jobs of a tree began, from 0.
    public let number: Int
    /// The chosen node; 0 is the root.
    public let node: Int
    /// What to propose for.
    public let request: ProposalRequest<State, Prefix>
}

/// What a finished job changed.
public struct SearchUpdate: Hashable, Codable, Sendable {
    /// The reward that was counted, 0 or 1.
    public let reward: Double
    /// How many nodes were added.
    public let addedNodes: Int
    /// The node of the last state that the proposal reached; the job's own node when it reached none.
    public let lastNode: Int
}
