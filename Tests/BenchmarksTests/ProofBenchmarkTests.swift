import Foundation
import ProofAssistants
import Testing

@testable import Benchmarks

@Suite("ludus bench proofs", .serialized)
struct ProofBenchmarkTests {
    /// Whether Coq is here.
    static let hasCoq: Bool = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: $0 + "/coqidetop.opt") }
    }()

    @Test("A mix is a third of each kind, all statements differ, and a seed decides it")
    func mix() {
        let checks = ProofMix.checks(300, seed: 3)
        for kind in ProofCheck.Kind.allCases { #expect(checks.count { $0.kind == kind } == 100) }
        #expect(Set(checks.map(\.statement.text)).count == 300)
        #expect(Set(checks.map(\.statement.header)) == [ProofMix.header])
        #expect(checks == ProofMix.checks(300, seed: 3))
        #expect(checks != ProofMix.checks(300, seed: 4))
        #expect(checks.prefix(30).contains { $0.kind != checks[0].kind })
    }

    @Test("Right proofs are complete and wrong ones refused", .enabled(if: hasCoq, "coqidetop.opt isn't installed"))
    func agreement() async throws {
        var options = CoqOptions()
        options.processes = 1
        let coq = Coq(options)
        let run = try await ProofBatchRun.run(ProofMix.checks(120, seed: 11), in: coq, inFlight: 2)
        await coq.shutDown()
        #expect(run.disagreements == [])
        #expect(run.count == 120)
        #expect(run.latencies.count == 120)
        #expect(run.coqSeconds > 0)
    }

    @Test("A tiny run fills the report", .enabled(if: hasCoq, "coqidetop.opt isn't installed"))
    func report() async throws {
        var options = ProofBenchmark.Options()
        (options.checks, options.rounds, options.coldChecks) = (12, 2, 1)
        (options.memoryChecks, options.sampleEvery) = (9, 3)
        let result = try await ProofField(options: options).run { _ in }
        let report = try JSONDecoder().decode(ProofReport.self, from: Data(result.document.utf8))
        #expect(report.speed.map(\.processes) == [1, 2])
        #expect(report.speed.map(\.checks) == [24, 24])
        #expect(report.fresh.checks == 1)
        #expect(report.memory.residentBytes.count == 3)
        #expect(report.memory.residentBytes.allSatisfy { $0 > 10 << 20 })
        #expect(report.memory.processesReplaced == 0)
        #expect(report.disagreements == 0)
        #expect(report.reuse > 1)
        #expect(result.table.contains("header reuse"))
    }

    @Test("Without Coq there is one clear error")
    func missing() async {
        var options = ProofBenchmark.Options()
        options.coq.sessionProgram = "/nonexistent/coqidetop"
        await #expect {
            _ = try await ProofField(options: options).run { _ in }
        } throws: { error in
            let words = String(describing: error)
            return words.contains("/nonexistent/coqidetop") && words.contains("install Coq")
        }
    }
}
