import Foundation
import Testing

@testable import TreeSearch

/// Whole trees as text under `Tests/Fixtures/search`; set `LUDUS_UPDATE_GOLDENS=1` to write them anew, then review.
@Suite struct GoldenTreeTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/search").standardizedFileURL

    /// Fewer letters than usual, so that a small budget grows a tree worth reading.
    private static let generator = SpellingGenerator(letters: Array("abcdeefABD_"))

    private func check(_ text: String, against name: String) throws {
        let file = Self.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["LUDUS_UPDATE_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: file, options: .atomic)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        let pairs = zip(golden.split(separator: "\n"), text.split(separator: "\n"))
        let difference = pairs.first { $0 != $1 }
        #expect(golden == text, "\(name) differs first at: \(String(describing: difference))")
    }

    @Test(arguments: SearchPolicy.Preset.allCases)
    func spelling(preset: SearchPolicy.Preset) async throws {
        let options = SearchOptions(
            policy: SearchPolicy(preset), generationsPerTree: 60, solutionLimit: .max, seed: 2026)
        let problem = SpellingProblem(target: "face")
        let result = try await search(problem, proposing: Self.generator, options: options)
        try check(result.trees[0].record().outline(), against: "spelling-\(preset.rawValue).txt")
    }

    @Test func spellingInBatches() async throws {
        let options = SearchOptions(
            trees: 2, generationsPerTree: 40, batch: 4, jobsInFlight: 8, solutionLimit: .max, seed: 2026)
        let result = try await search(SpellingProblem(), proposing: Self.generator, options: options)
        let text = result.trees.map { $0.record().outline() }.joined(separator: "\n")
        try check(text, against: "spelling-two-trees-in-batches.txt")
    }

    @Test func hiddenPath() async throws {
        let problem = HiddenPathProblem(length: 5, branching: 4, errorRate: 0.5, mergesPairs: true, seed: 1)
        let options = SearchOptions(generationsPerTree: 400, seed: 7)
        let result = try await search(
            problem, proposing: HiddenPathGenerator(for: problem, skill: 0.2), options: options)
        let solution = result.solutions.first.map { "solution \($0.solution) at \($0.generation)\n" } ?? "no solution\n"
        try check(solution + result.trees[0].record().outline(), against: "hidden-path.txt")
    }
}
