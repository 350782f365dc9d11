import Foundation
import Randomness
import Testing

@testable import TreeSearch

@Suite struct SearchTreeRecordTests {
    private func grown() async throws -> SearchTree<String, String> {
        let options = SearchOptions(generationsPerTree: 50, solutionLimit: .max, seed: 2)
        return try await search(SpellingProblem(target: "bad"), proposing: SpellingGenerator(), options: options).trees[
            0]
    }

    @Test func recordSurvivesStorage() async throws {
        let record = try await grown().record()
        let data = try JSONEncoder().encode(record)
        #expect(try JSONDecoder().decode(SearchTreeRecord.self, from: data) == record)
    }

    @Test func parentsComeFirst() async throws {
        let record = try await grown().record()
        #expect(record.nodes.count > 10)
        #expect(record.evaluations == 50)
        #expect(record.nodes[0].parent == nil && record.nodes[0].origin == nil)
        for node in record.nodes.dropFirst() {
            let parent = try #require(node.parent)
            #expect(parent < node.identifier)
            #expect(record.nodes[parent].depth + 1 == node.depth)
            #expect(record.children[parent].contains(node.identifier))
            #expect(node.prefixCount >= 1)
            #expect(try #require(node.origin) < 50)
        }
    }

    @Test func statesAreDescribedAsAsked() async throws {
        let tree = try await grown()
        let record = tree.record { "<\($0)>" }
        #expect(record.nodes.allSatisfy { $0.state.hasPrefix("<") && $0.state.hasSuffix(">") })
    }

    @Test func outlineHasALineForEachNode() async throws {
        let record = try await grown().record()
        let lines = record.outline().split(separator: "\n")
        #expect(lines.count == record.nodes.count + 1)
        let shallow = record.outline(maximumDepth: 1).split(separator: "\n")
        #expect(shallow.count == record.nodes.filter { $0.depth <= 1 }.count + 1)
    }

    @Test func statesOfSeveralLinesStayOnOne() {
        var tree = SearchTree(
            root: SearchPoint(state: "a\nb", prefix: ""), generator: SplittableGenerator(seed: 0))
        tree.abandon(tree.begin())
        #expect(tree.record().outline().contains("#0 a | b own 0"))
    }
}
