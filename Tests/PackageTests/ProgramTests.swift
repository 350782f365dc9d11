import Foundation
import Subprocess
import SystemPackage
import Testing

/// The program as people use it: exit codes, and what goes to which stream.
@Suite struct ProgramTests {
    struct Answer {
        let status: TerminationStatus
        let output: String
        let complaint: String
    }

    /// The program that was built beside the tests.
    static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("ludus")

    static let hasCoq = executable(named: "coqidetop.opt") != nil

    private func ludus(_ arguments: String..., in folder: URL) async throws -> Answer {
        try await ludus(arguments, in: folder)
    }

    private func ludus(_ arguments: [String], in folder: URL) async throws -> Answer {
        let outcome = try await Subprocess.run(
            .path(FilePath(Self.program.path)), arguments: Arguments(arguments),
            workingDirectory: FilePath(folder.path),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        return Answer(
            status: outcome.terminationStatus, output: outcome.standardOutput, complaint: outcome.standardError)
    }

    @Test func usageErrorsExitWith64AndSuggestNames() async throws {
        try await withFolder { folder in
            let unknown = try await ludus("run", "ubc1-regret", in: folder)
            #expect(unknown.status == .exited(64))
            #expect(unknown.complaint.contains("ucb1-regret"))
            let assistant = try await ludus("prove", "a.v", "--assistant", "hol", in: folder)
            #expect(assistant.status == .exited(64))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test(arguments: ["missing.v", "notes.txt", "binary.v", "prose.v", "empty.jsonl"])
    func unusableFilesGiveOneSentenceAndNoRun(name: String) async throws {
        try await withFolder { folder in
            let contents: [String: Data] = [
                "notes.txt": Data("Theorem t : True.".utf8), "binary.v": Data([0xff, 0xfe, 0x00, 0x80]),
                "prose.v": Data("hello world".utf8), "empty.jsonl": Data(),
            ]
            try contents[name]?.write(to: folder.appendingPathComponent(name))
            let answer = try await ludus("prove", name, "--budget", "0", in: folder)
            #expect(answer.status == .exited(1))
            #expect(answer.complaint.contains(name))
            #expect(answer.output.isEmpty)
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("runs").path))
        }
    }

    @Test(.enabled(if: hasCoq, "needs Coq: Scripts/bootstrap installs it"))
    func badStatementsDoNotStopTheOthers() async throws {
        try await withFolder { folder in
            let lines = [
                #"{"name":"good","header":"","statement":"Theorem good : forall n : nat, n = n."}"#,
                #"{"name":"short","header":""}"#, "not json",
                #"{"name":"bad","header":"","statement":"Theorem bad : nothing_of_that_name."}"#,
            ]
            try Data(lines.joined(separator: "\n").utf8).write(to: folder.appendingPathComponent("mixed.jsonl"))
            let answer = try await ludus(
                "prove", "mixed.jsonl", "--budget", "0", "--out", "run", "--json", in: folder)
            #expect(answer.status == .exited(1))
            #expect(answer.complaint.contains("mixed.jsonl:2:") && answer.complaint.contains("mixed.jsonl:3:"))
            #expect(answer.output.contains("1 of 2 proved, 1 refused by Coq as statements, 2 unreadable."))
            let last = try #require(answer.output.split(separator: "\n").last)
            let document = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
            #expect(document?["names"] as? [String] == ["good"])
            let proof = try String(contentsOf: folder.appendingPathComponent("run/proofs/good.v"), encoding: .utf8)
            #expect(proof.hasSuffix("Qed.\n"))
            let page = try String(contentsOf: folder.appendingPathComponent("run/report.html"), encoding: .utf8)
            #expect(page.contains("nothing_of_that_name"))
        }
    }

    /// What a kill leaves: some outcomes, half a line, no summary.
    ///
    /// Only the rest is attempted again.
    @Test(.enabled(if: hasCoq, "needs Coq: Scripts/bootstrap installs it"))
    func anInterruptedRunGoesOn() async throws {
        try await withFolder { folder in
            let text = "Theorem a : forall n : nat, n = n. Admitted.\nTheorem b : True /\\ True. Admitted.\n"
            try Data(text.utf8).write(to: folder.appendingPathComponent("t.v"))
            let arguments = ["prove", "t.v", "--budget", "0", "--out", "run", "--json", "--quiet"]
            let first = try await ludus(arguments, in: folder)
            let log = folder.appendingPathComponent("run/outcomes.jsonl")
            let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
            #expect(first.status == .exited(0) && lines.count == 2)
            try Data("\(lines[1])\n\(lines[0].prefix(50))".utf8).write(to: log)
            for name in ["summary.json", "report.html", "proofs/b.v"] {
                try FileManager.default.removeItem(at: folder.appendingPathComponent("run/\(name)"))
            }
            let second = try await ludus(arguments, in: folder)
            #expect(second.status == .exited(0))
            #expect(second.output.split(separator: "\n").last == first.output.split(separator: "\n").last)
            let again = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
            // The time it took shows that the second outcome is the old one.
            #expect(again.count == 2 && again[1] == lines[1])
            for name in ["summary.json", "report.html", "proofs/b.v"] {
                #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("run/\(name)").path))
            }
            let other = try await ludus(arguments + ["--seed", "2"], in: folder)
            #expect(other.status == .exited(64) && other.complaint.contains("other settings"))
            let resumed = try await ludus(["resume", "run"], in: folder)
            #expect(resumed.status == .exited(64) && resumed.complaint.contains("--out run"))
        }
    }

    @Test(.enabled(if: hasCoq, "needs Coq: Scripts/bootstrap installs it"))
    func aDamagedModelIsNamed() async throws {
        try await withFolder { folder in
            try Data("Theorem t : True. Proof. Admitted.".utf8).write(to: folder.appendingPathComponent("t.v"))
            let model = folder.appendingPathComponent("model")
            try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
            try Data("{".utf8).write(to: model.appendingPathComponent("config.json"))
            let answer = try await ludus("prove", "t.v", "--model", "model", in: folder)
            #expect(answer.status == .exited(1))
            #expect(answer.complaint.contains("model/"))
        }
    }

    @Test func environmentsAreListedShownPlayedAndTimed() async throws {
        try await withFolder { folder in
            let list = try await ludus("env", "list", "cartpole", in: folder)
            #expect(list.status == .exited(0))
            #expect(list.output.contains("CartPole-v1  classic  float32[4]   discrete(2)  500"))
            let show = try await ludus("env", "show", "Pendulum-v1", in: folder)
            #expect(show.output.contains(#""kind":"float32[1]""#))
            let unknown = try await ludus("env", "show", "CartPol-v1", in: folder)
            #expect(unknown.status == .exited(1))
            #expect(unknown.complaint.contains("did you mean CartPole-v1"))
            let play = try await ludus("env", "play", "Pendulum-v1", "--out", "p.gif", "--steps", "6", in: folder)
            #expect(play.output == "p.gif: 4 pictures of 400x400, total reward \(try reward(play.output))\n")
            #expect(try Data(contentsOf: folder.appending(path: "p.gif")).prefix(6) == Data("GIF89a".utf8))
            let blind = try await ludus("env", "play", "Taxi-v3", "--out", "t.png", in: folder)
            #expect(blind.status == .exited(1))
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "t.png").path))
            let bench = try await ludus(
                "env", "bench", "CartPole-v1", "--envs", "8", "--seconds", "0.01", "--json", in: folder)
            #expect(bench.status == .exited(0))
            #expect(bench.output.hasPrefix("[{") && bench.output.contains("CartPole-v1"))
            let scaling = try await ludus(
                "env", "scaling", "Taxi-v3", "--out", "scaling", "--envs", "1", "4", "--threads", "1", "--seconds",
                "0.01", in: folder)
            #expect(scaling.status == .exited(0))
            let metrics = try String(contentsOf: folder.appending(path: "scaling/metrics.jsonl"), encoding: .utf8)
            #expect(metrics.split(separator: "\n").count == 2)
            let soak = try await ludus("env", "soak", "--steps", "4000", "Taxi-v3", "CartPole-v1", in: folder)
            #expect(soak.status == .exited(0))
        }
    }

    private func reward(_ line: String) throws -> Substring {
        try #require(line.split(separator: " ").last).dropLast()
    }
}
