import Foundation
public import ProofAssistants

/// How fast warm Coq processes check proofs, what warmth is worth, and whether memory stays flat.
///
/// The machine may be busy with other work, so each figure stands beside processor time: Coq's, and that of this
/// process.
public enum ProofBenchmark {
    /// Budgets.
    public struct Options: Sendable {
        /// Checks of one round.
        public var checks = 1500
        /// Rounds with each number of processes; rates are medians over them.
        public var rounds = 3
        /// Numbers of processes, measured in turn.
        public var processes = [1, 2]
        /// Checks with a fresh process each, at least 1.
        public var coldChecks = 12
        /// Checks in one process while its memory is watched, at least 3 samples long.
        public var memoryChecks = 10_000
        /// Checks between two looks at the memory.
        public var sampleEvery = 1000
        /// Decides the proofs and their order.
        public var seed: UInt64 = 2024
        /// How Coq is run; numbers of processes and of uses are replaced.
        public var coq = CoqOptions()

        /// The budgets of the published figures.
        public init() {}
    }

    /// Measures all.
    ///
    /// - Parameters:
    ///   - options: budgets; each count must be at least 1.
    ///   - progress: told what is about to be measured.
    /// - Returns: the figures.
    /// - Throws: `ProofAssistantError` where Coq is missing or breaks down.
    public static func run(_ options: Options, progress: (String) -> Void = { _ in }) async throws -> ProofReport {
        precondition(
            min(options.checks, options.rounds, options.coldChecks, options.sampleEvery) >= 1
                && options.memoryChecks >= 3 * options.sampleEvery && options.processes.allSatisfy { $0 >= 1 },
            "ProofBenchmark: each budget must be at least 1, and memory needs three samples")
        let speed = try await speed(options, progress)
        progress("\(options.coldChecks) checks, each in a fresh process")
        let cold = try await fresh(options)
        progress("\(options.checks) checks with the state after each sentence")
        let states = try await withStates(options)
        progress("memory over \(options.memoryChecks) checks in one process")
        let memory = try await memory(options)
        return ProofReport(speed: speed, withStates: states, fresh: cold, memory: memory)
    }

    /// All numbers of processes in turn, round by round, so that a busy spell hits each alike.
    private static func speed(_ options: Options, _ progress: (String) -> Void) async throws -> [ProofSpeed] {
        var backends: [Coq] = []
        for count in options.processes {
            let coq = backend(options, processes: count, uses: .max)
            progress("header for \(count) process\(count == 1 ? "" : "es")")
            // Enough at once to start every process.
            _ = try await ProofBatchRun.run(ProofMix.checks(32 * count, seed: 1), in: coq, inFlight: 2 * count)
            backends.append(coq)
        }
        var rounds = [[ProofBatchRun]](repeating: [], count: backends.count)
        for round in 0..<options.rounds {
            for (index, coq) in backends.enumerated() {
                let count = options.processes[index]
                progress("round \(round + 1): \(options.checks) checks, \(count) process\(count == 1 ? "" : "es")")
                let checks = ProofMix.checks(options.checks, seed: options.seed + UInt64(round))
                rounds[index].append(try await ProofBatchRun.run(checks, in: coq, inFlight: 2 * count))
            }
        }
        for coq in backends { await coq.shutDown() }
        return zip(options.processes, rounds).map { ProofSpeed(processes: $0, rounds: $1) }
    }

    /// A process and a load of the header for each check.
    private static func fresh(_ options: Options) async throws -> ProofSpeed {
        let coq = backend(options, processes: 1, uses: 1)
        // The self-test comes with the first check and is no part of the measurement.
        _ = try await ProofBatchRun.run(ProofMix.checks(1, seed: 1), in: coq, inFlight: 1)
        let before = childProcessorSeconds()
        let checks = ProofMix.checks(options.coldChecks, seed: options.seed)
        var run = try await ProofBatchRun.run(checks, in: coq, inFlight: 1)
        await coq.shutDown()
        // What starting and loading took is in no check's own time, but each process has ended and tells all.
        run.coqSeconds = childProcessorSeconds() - before
        return ProofSpeed(processes: 1, rounds: [run])
    }

    /// What search needs: one process, the state after each sentence printed and read.
    private static func withStates(_ options: Options) async throws -> ProofSpeed {
        let coq = backend(options, processes: 1, uses: .max)
        _ = try await ProofBatchRun.run(ProofMix.checks(32, seed: 1), in: coq, inFlight: 2)
        let checks = ProofMix.checks(options.checks, seed: options.seed)
        let run = try await ProofBatchRun.run(checks, in: coq, wantsStates: true, inFlight: 2)
        await coq.shutDown()
        return ProofSpeed(processes: 1, rounds: [run])
    }

    private static func memory(_ options: Options) async throws -> ProofMemory {
        let coq = backend(options, processes: 1, uses: .max)
        var resident: [Int] = []
        var disagreements = 0
        for start in stride(from: 0, to: options.memoryChecks, by: options.sampleEvery) {
            let count = min(options.sampleEvery, options.memoryChecks - start)
            let checks = ProofMix.checks(count, seed: options.seed &+ UInt64(start))
            disagreements += try await ProofBatchRun.run(checks, in: coq, inFlight: 2).disagreements.count
            resident.append(await coq.residentBytes.reduce(0, +))
        }
        let started = coq.statistics.processesStarted
        await coq.shutDown()
        return ProofMemory(
            checks: options.memoryChecks, sampleEvery: options.sampleEvery, residentBytes: resident,
            // The self-test takes a process of its own before the header is loaded.
            processesReplaced: started - 2, disagreements: disagreements)
    }

    private static func backend(_ options: Options, processes: Int, uses: Int) -> Coq {
        var coq = options.coq
        coq.processes = processes
        coq.usesPerProcess = uses
        coq.residentBytesPerProcess = .max
        return Coq(coq)
    }

    /// Processor seconds of all child processes that have ended.
    private static func childProcessorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        return seconds + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
    }
}
