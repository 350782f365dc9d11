import Foundation

/// What a benchmark found: for people and for programs.
public struct BenchmarkResult: Sendable {
    /// A table for people, lines joined by newlines.
    public let table: String
    /// The same figures and more as one line of JSON.
    public let document: String

    /// Takes both.
    ///
    /// - Parameters:
    ///   - table: a table for people.
    ///   - figures: what the table shows, and more.
    /// - Throws: the encoder's error for figures that aren't finite.
    public init(table: String, figures: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        self.table = table
        document = String(decoding: try encoder.encode(figures), as: UTF8.self)
    }
}

/// A field's benchmark, behind `ludus bench FIELD`.
public protocol FieldBenchmark: Sendable {
    /// The field's name on the command line.
    static var field: String { get }
    /// Benchmarks hold nothing.
    init()

    /// Measures.
    ///
    /// - Parameter progress: told what is about to be measured.
    /// - Returns: what was found.
    /// - Throws: whatever stops the measurement.
    func run(progress: (String) -> Void) async throws -> BenchmarkResult
}

/// All benchmarks.
public enum BenchmarkCatalogue {
    /// Every benchmark there is; a new one is added here.
    public static let all: [any FieldBenchmark.Type] = [
        TensorField.self, OptimisationField.self, SearchField.self, ProofField.self, EnvironmentField.self,
    ]
}
