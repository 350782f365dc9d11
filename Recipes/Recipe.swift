import Foundation
public import RunRecords

/// The settings of a recipe: plain values, each with a default and a line of documentation.
///
/// Fields must not be optional: a setting that is absent from the encoded defaults can't be set by `--set`.
public protocol RecipeConfiguration: Codable, Sendable {
    /// The defaults, with which the paper's result is reproduced.
    init()
}

/// A field of recipes, as `ludus list` sorts them.
public enum RecipeField: String, CaseIterable, Codable, Sendable {
    /// Multi-armed bandits.
    case bandits
    /// Formal proofs.
    case proving
    /// Policies that learn from reward.
    case control
    /// Learning to learn: gradients through learning.
    case metaLearning = "meta-learning"
}

/// A reproduction of one result of one paper: one file that reads from top to bottom.
///
/// A recipe draws all random numbers from `context.run.description.seed`, logs what it measures to the run, saves
/// checkpoints, and goes on from `context.run.resumedFrom` when there is one. Add it to `Catalogue.all`.
public protocol Recipe: Sendable {
    /// Its settings.
    associatedtype Configuration: RecipeConfiguration

    /// The name on the command line: lower case, words joined by hyphens.
    static var name: String { get }
    /// The field it belongs to.
    static var field: RecipeField { get }
    /// The paper: authors, year, where, which figure or table.
    static var paper: String { get }
    /// What it does, in one line.
    static var summary: String { get }
    /// How long it takes, for example `2 min on 2 cores`.
    static var expectedTime: String { get }
    /// Settings with which it ends within a second or two; run by the tests.
    static var smoke: Configuration { get }
    /// What `ludus verify` checks.
    static var claims: [Claim] { get }

    /// Recipes hold nothing.
    init()

    /// Does the work.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run to log to and the way to show progress.
    /// - Returns: results by name; those that claims speak of among them.
    /// - Throws: whatever stops the work; the run is then marked as failed and can be resumed.
    func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double]
}

/// What a recipe works with.
public struct RecipeContext: Sendable {
    /// The run folder, open for writing.
    public let run: Run
    /// True when nothing is to be shown while working.
    public let isQuiet: Bool

    /// Makes a context.
    ///
    /// - Parameters:
    ///   - run: the run folder, open for writing.
    ///   - isQuiet: true when nothing is to be shown while working.
    public init(run: Run, isQuiet: Bool = true) {
        self.run = run
        self.isQuiet = isQuiet
    }

    /// The seed from which all random numbers come.
    public var seed: UInt64 { run.description.seed }

    /// A progress line on the terminal.
    ///
    /// - Parameters:
    ///   - label: what is going on, a word or two.
    ///   - total: how many steps there will be, if known.
    /// - Returns: the line; call its `finish()` at the end.
    public func progress(_ label: String, total: Int? = nil) -> ProgressLine {
        ProgressLine(label, total: total, isQuiet: isQuiet)
    }
}
