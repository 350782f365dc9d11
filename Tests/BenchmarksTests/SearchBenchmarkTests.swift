import Foundation
import Testing

@testable import Benchmarks

@Suite("ludus bench search")
struct SearchBenchmarkTests {
    @Test("A tiny run fills every row")
    func rows() async throws {
        let report = try await SearchBenchmark.run(simulations: 40, rounds: 2)
        #expect(report.rows.count == 8)
        #expect(Set(report.rows.map(\.name)).count == 8)
        for row in report.rows {
            #expect(row.simulations == 40)
            #expect(row.nodes > 1, "\(row.name)")
            #expect(row.depth >= 1, "\(row.name)")
            #expect(row.seconds.count == 2)
            #expect(row.simulationsPerSecond > 0)
        }
    }

    @Test("The field gives a line for each row and one JSON document")
    func field() async throws {
        let result = try await SearchField(simulations: 20, rounds: 1).run { _ in }
        #expect(result.table.split(separator: "\n").count == 9)
        #expect(!result.document.contains("\n"))
        let report = try JSONDecoder().decode(SearchBenchmark.Report.self, from: Data(result.document.utf8))
        #expect(report.rows.count == 8)
    }
}
