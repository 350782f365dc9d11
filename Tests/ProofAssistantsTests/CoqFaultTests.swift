import Foundation
import Glibc
import Testing

@testable import ProofAssistants

/// Broken, missing and dying programs.
@Suite(.needsCoq) struct CoqFaultTests {
    private func coq(program: String, _ change: (inout CoqOptions) -> Void = { _ in }) -> Coq {
        var options = CoqOptions()
        options.sessionProgram = program
        options.processes = 1
        change(&options)
        return Coq(options)
    }

    private func failure(of coq: Coq) async -> ProofAssistantError? {
        do throws(ProofAssistantError) {
            _ = try await coq.trace(Statements.swap, script: "tauto.")
            return nil
        } catch { return error }
    }

    @Test(arguments: ["/no/such/program", "no-such-program", "/tmp", "/etc/passwd"])
    func missingProgram(_ path: String) async throws {
        guard case .programMissing(let found, _)? = await failure(of: coq(program: path)) else {
            Issue.record("no clear error")
            return
        }
        #expect(found == path)
    }

    @Test func wrongVersion() async throws {
        let folder = try ScratchFolder()
        let answer =
            #"<value val="good"><coq_info><string>8.20.0</string><string/><string/><string/></coq_info></value>"#
        let program = try folder.script("coq", "echo '\(answer)'; cat >/dev/null")
        #expect(
            await failure(of: coq(program: program))
                == .wrongVersion(path: program, found: "8.20.0", supported: CoqProcess.versions))
    }

    @Test(arguments: [
        "yes", "yes '<value'", "echo garbage; cat >/dev/null", "cat /dev/zero",
        "echo '<value val=\"good\"></value>'; cat",
        "yes '<a>'", "head -c 100000 /dev/urandom; cat >/dev/null", "exit 0", "exit 1", "kill -9 $$", "exec cat",
        "sleep 1; kill -9 $$",
        "while :; do echo '<feedback/>'; done",
    ])
    func garbage(_ body: String) async throws {
        let folder = try ScratchFolder()
        let program = try folder.script("coq", body)
        let limits = Limits(startTime: .milliseconds(200))
        let coq = coq(program: program) {
            $0.silence = .seconds(1)
            $0.grace = .milliseconds(200)
        }
        let error: ProofAssistantError?
        do throws(ProofAssistantError) {
            _ = try await coq.trace(Statements.swap, script: "tauto.", limits: limits)
            error = nil
        } catch let caught { error = caught }
        #expect(error?.isInfrastructure == true, "\(body): \(String(describing: error))")
        await coq.shutDown()
    }

    @Test func silentProgram() async throws {
        let folder = try ScratchFolder()
        let program = try folder.script("coq", "exec sleep 100")
        guard case .unresponsive? = await failure(of: coq(program: program) { $0.silence = .milliseconds(300) }) else {
            Issue.record("no clear error")
            return
        }
    }

    /// A process that dies once is replaced without a word; the check goes through.
    @Test func oneCrashIsHealed() async throws {
        let folder = try ScratchFolder()
        let program = try folder.script(
            "coq", "mkdir \(folder.path)/crashed 2>/dev/null && exit 3\nexec coqidetop.opt \"$@\"")
        let coq = coq(program: program)
        let trace = try await coq.trace(Statements.swap, script: Statements.swapProof)
        #expect(trace.isComplete && coq.statistics.retries == 1)
        await coq.shutDown()
    }

    @Test func killedInTheMiddle() async throws {
        let folder = try ScratchFolder()
        let mark = "LudusKill\(UInt32.random(in: 0...UInt32.max))"
        let program = try folder.script("coq", "exec coqidetop.opt \"$@\" -top \(mark)")
        let coq = coq(program: program)
        #expect(try await coq.trace(Statements.swap, script: Statements.swapProof).isComplete)
        // Killed between two checks: the next one finds out, and starts a fresh process.
        #expect(Self.kill(mark) == 1)
        #expect(try await coq.trace(Statements.swap, script: Statements.swapProof).isComplete)
        #expect(coq.statistics.retries == 1)
        // Killed while a check runs: run again. Killed again: an error about the machinery.
        let limits = Limits(sentenceTime: .seconds(30), totalTime: .seconds(60))
        let long = Task {
            try await coq.trace(Statements.swap, script: "repeat (assert True by exact I).", limits: limits)
        }
        var kills = 0
        while kills < 2 {
            try await Task.sleep(for: .milliseconds(100))
            kills += Self.kill(mark)
        }
        await #expect { _ = try await long.value } throws: {
            if case .processDied? = $0 as? ProofAssistantError { true } else { false }
        }
        #expect(try await coq.trace(Statements.swap, script: Statements.swapProof).isComplete)
        await coq.shutDown()
        #expect(Self.find(mark).isEmpty, "no process is left")
    }

    @Test func recyclesByUseAndEvictsByHeader() async throws {
        let coq = coq(program: "coqidetop.opt") { $0.usesPerProcess = 3 }
        for _ in 0..<8 { #expect(try await coq.trace(Statements.swap, script: "tauto.").isComplete) }
        #expect(coq.statistics.processesRecycled >= 2)
        let other = FormalStatement(name: "t", header: "Definition d := 1.", text: "Theorem t : d = 1.")
        #expect(try await coq.trace(other, script: "reflexivity.").isComplete)
        #expect(await coq.warmHeaders == [other.header])
        #expect(try await coq.trace(Statements.swap, script: "tauto.").isComplete)
        #expect(await coq.warmHeaders == [""])
        await coq.shutDown()
        #expect(await failure(of: coq) == .shutDown)
    }

    @Test func keepsNoDescriptors() async throws {
        func count() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        let coq = coq(program: "coqidetop.opt") { $0.usesPerProcess = 1 }
        _ = try await coq.trace(Statements.swap, script: "tauto.")
        let before = try count()
        for _ in 0..<10 { _ = try await coq.trace(Statements.swap, script: "tauto.") }
        // Tests that run beside this one hold descriptors too; ten lost processes would cost thirty.
        #expect(try count() < before + 25)
        await coq.shutDown()
    }

    static func find(_ mark: String) -> [pid_t] {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return folders.compactMap { pid_t($0) }.filter { id in
            guard let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return words.first == "coqidetop.opt" && words.contains(mark)
        }
    }

    static func kill(_ mark: String) -> Int {
        find(mark).count { Glibc.kill($0, SIGKILL) == 0 }
    }
}
