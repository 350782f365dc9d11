import Foundation
import Randomness
import TreeSearch

/// `ludus bench search`: how fast trees are searched, without a model and without a proof assistant.
///
/// The problems are made up (`HiddenPathProblem`). Each is measured twice: the tree alone, with proposals and evaluations
/// prepared beforehand, and the whole `search` function with its tasks, generator and problem.
public enum SearchBenchmark {
    /// One measured configuration; times are processor seconds.
    public struct Row: Codable, Sendable {
        /// What was run.
        public let name: String
        /// Proposals that were selected for and taken.
        public let simulations: Int
        /// Nodes of the tree at the end.
        public let nodes: Int
        /// Depth of the deepest node.
        public let depth: Int
        /// Largest number of proposals asked for at once; 0 for the tree alone.
        public let batch: Int
        /// Processor seconds of each round.
        public let seconds: [Double]

        /// Simulations a second: one choice of a node, one result taken.
        public var simulationsPerSecond: Double { Double(simulations) / median(seconds) }
        /// Nodes added a second.
        public var nodesPerSecond: Double { Double(nodes) / median(seconds) }
    }

    /// All measured configurations.
    public struct Report: Codable, Sendable {
        /// A row for each configuration.
        public let rows: [Row]

        /// A table for people.
        public var table: String {
            var lines = ["case                      simulations    nodes  depth  simulations/s      nodes/s"]
            for row in rows {
                let name = row.name.padding(toLength: 24, withPad: " ", startingAt: 0)
                let numbers = String(
                    format: "%13d %8d %6d %14.0f %12.0f", row.simulations, row.nodes, row.depth,
                    row.simulationsPerSecond, row.nodesPerSecond)
                lines.append(name + numbers)
            }
            return lines.joined(separator: "\n")
        }
    }

    /// Measures all configurations.
    ///
    /// - Parameters:
    ///   - simulations: budget of each tree, at least 1.
    ///   - rounds: how often each configuration is measured, at least 1.
    ///   - progress: told the configuration about to run.
    /// - Returns: a row for each configuration.
    /// - Throws: nothing with valid budgets; `SearchError` otherwise.
    public static func run(
        simulations: Int = 20000, rounds: Int = 5, progress: (String) -> Void = { _ in }
    ) async throws -> Report {
        precondition(rounds >= 1, "SearchBenchmark: \(rounds) rounds; use at least 1")
        let shapes: [(name: String, problem: HiddenPathProblem)] = [
            ("narrow", HiddenPathProblem(length: 40, branching: 4, errorRate: 0.6)),
            ("wide", HiddenPathProblem(length: 40, branching: 128, errorRate: 0.6)),
        ]
        var rows: [Row] = []
        for (name, problem) in shapes {
            for preset in [SearchPolicy.Preset.rmaxts, .ucb1] {
                progress("\(name) \(preset.rawValue) tree")
                rows.append(tree(problem, preset, "\(name) \(preset.rawValue) tree", simulations, rounds))
            }
            for batch in [1, 32] {
                progress("\(name) search x\(batch)")
                rows.append(try await whole(problem, "\(name) search x\(batch)", batch, simulations, rounds))
            }
        }
        return Report(rows: rows)
    }

    /// The tree alone: choices, virtual loss, new nodes, rewards.
    private static func tree(
        _ problem: HiddenPathProblem, _ preset: SearchPolicy.Preset, _ name: String, _ simulations: Int, _ rounds: Int
    ) -> Row {
        let start = SearchTree(
            root: problem.root, policy: SearchPolicy(preset), generator: SplittableGenerator(seed: 1))
        let generator = HiddenPathGenerator(for: problem)
        // A search from a seed chooses alike each time, so the results of a first run serve all others.
        var tree = start
        let results = (0..<simulations).map { _ in
            let job = tree.begin()
            let result = problem.outcome(of: generator.proposal(for: job.request), from: job.request.point)
            _ = tree.finish(job, reaching: result.segments, isSolved: false)
            return result.segments
        }
        let seconds = (0..<rounds).map { _ in
            var tree = start
            let before = processorSeconds()
            for segments in results { _ = tree.finish(tree.begin(), reaching: segments, isSolved: false) }
            return processorSeconds() - before
        }
        return Row(
            name: name, simulations: simulations, nodes: tree.nodeCount, depth: depth(tree), batch: 0, seconds: seconds)
    }

    /// The whole search with its tasks.
    private static func whole(
        _ problem: HiddenPathProblem, _ name: String, _ batch: Int, _ simulations: Int, _ rounds: Int
    ) async throws -> Row {
        let options = SearchOptions(
            generationsPerTree: simulations, batch: batch, jobsInFlight: 2 * batch, solutionLimit: .max, seed: 1)
        var seconds: [Double] = []
        var row: (nodes: Int, depth: Int) = (0, 0)
        for _ in 0..<rounds {
            let before = processorSeconds()
            let result = try await search(problem, proposing: HiddenPathGenerator(for: problem), options: options)
            seconds.append(processorSeconds() - before)
            row = (result.trees[0].nodeCount, depth(result.trees[0]))
        }
        return Row(
            name: name, simulations: simulations, nodes: row.nodes, depth: row.depth, batch: batch, seconds: seconds)
    }

    private static func depth<State, Prefix>(_ tree: SearchTree<State, Prefix>) -> Int {
        tree.record(describing: { _ in "" }).nodes.map(\.depth).max() ?? 0
    }
}
