import Foundation

/// Speed with a number of processes.
public struct ProofSpeed: Codable, Sendable {
    /// Number of Coq processes.
    public let processes: Int
    /// Number of checks in all rounds.
    public let checks: Int
    /// Checks in a second of wall time: the median over the rounds.
    public let checksPerSecond: Double
    /// Checks in a second of processor time of Coq and of this process together.
    public let checksPerProcessorSecond: Double
    /// Half of the checks take less wall time on their process, in milliseconds.
    public let medianMilliseconds: Double
    /// All but one in a hundred take less, in milliseconds.
    public let slowMilliseconds: Double
    /// Processor milliseconds of Coq for a check.
    public let coqMilliseconds: Double
    /// Processor milliseconds of this process for a check.
    public let ownMilliseconds: Double
    /// Checks that came out otherwise than they must; none may.
    public let disagreements: Int

    init(processes: Int, rounds: [ProofBatchRun]) {
        func total(_ value: (ProofBatchRun) -> Double) -> Double { rounds.map(value).reduce(0, +) }
        let latencies = rounds.flatMap(\.latencies)
        let count = total { Double($0.count) }
        self.processes = processes
        checks = Int(count)
        checksPerSecond = median(rounds.map { Double($0.count) / $0.wallSeconds })
        checksPerProcessorSecond = count / total { $0.coqSeconds + $0.ownSeconds }
        medianMilliseconds = median(latencies) * 1e3
        slowMilliseconds = percentile(0.99, of: latencies) * 1e3
        coqMilliseconds = total(\.coqSeconds) / count * 1e3
        ownMilliseconds = total(\.ownSeconds) / count * 1e3
        disagreements = rounds.map(\.disagreements.count).reduce(0, +)
    }
}

/// Resident memory of one process over many checks.
public struct ProofMemory: Codable, Sendable {
    /// Number of checks.
    public let checks: Int
    /// Checks between two samples.
    public let sampleEvery: Int
    /// Resident bytes after each stretch of checks.
    public let residentBytes: [Int]
    /// How often the process was replaced; memory says nothing unless this is 0.
    public let processesReplaced: Int
    /// Checks that came out otherwise than they must; none may.
    public let disagreements: Int

    /// Mean bytes over the first third of the samples.
    public let firstThird: Double
    /// Mean bytes over the samples between.
    public let middleThird: Double
    /// Mean bytes over the last third of the samples.
    public let lastThird: Double

    init(checks: Int, sampleEvery: Int, residentBytes: [Int], processesReplaced: Int, disagreements: Int) {
        func mean(_ values: ArraySlice<Int>) -> Double {
            Double(values.reduce(0, +)) / Double(max(values.count, 1))
        }
        self.checks = checks
        self.sampleEvery = sampleEvery
        self.residentBytes = residentBytes
        self.processesReplaced = processesReplaced
        self.disagreements = disagreements
        let third = residentBytes.count / 3
        firstThird = mean(residentBytes.prefix(third))
        middleThird = mean(residentBytes.dropFirst(third).dropLast(third))
        lastThird = mean(residentBytes.suffix(third))
    }
}

/// What `ludus bench proofs` found.
public struct ProofReport: Codable, Sendable {
    /// Warm processes, a row for each number of them.
    public let speed: [ProofSpeed]
    /// One warm process with the state after each sentence, as search needs it.
    public let withStates: ProofSpeed
    /// A fresh process for each check.
    public let fresh: ProofSpeed
    /// Memory over many checks.
    public let memory: ProofMemory

    /// How much faster checks are in a warm process, in wall time; with one process on both sides.
    public let reuse: Double
    /// The same in processor time.
    public let reuseByProcessorTime: Double
    /// Checks that came out otherwise than they must, in all parts; none may.
    public let disagreements: Int

    init(speed: [ProofSpeed], withStates: ProofSpeed, fresh: ProofSpeed, memory: ProofMemory) {
        self.speed = speed
        self.withStates = withStates
        self.fresh = fresh
        self.memory = memory
        reuse = (speed.first?.checksPerSecond ?? 0) / fresh.checksPerSecond
        reuseByProcessorTime = (speed.first?.checksPerProcessorSecond ?? 0) / fresh.checksPerProcessorSecond
        disagreements =
            (speed + [withStates, fresh]).map(\.disagreements).reduce(0, +) + memory.disagreements
    }

    /// A table for people.
    public var table: String {
        var lines = ["case              checks  checks/s  per CPU s   p50 ms   p99 ms  Coq CPU ms  own CPU ms  wrong"]
        for row in speed { lines.append(line("warm, \(row.processes) process\(row.processes == 1 ? "" : "es")", row)) }
        lines.append(line("with all states", withStates))
        lines.append(line("fresh, 1 process", fresh))
        lines.append(String(format: "header reuse: %.0fx in wall time, %.0fx in CPU time", reuse, reuseByProcessorTime))
        let megabyte = Double(1 << 20)
        lines.append(
            String(
                format: "memory over %d checks in one process: %.1f, %.1f and %.1f MiB in its thirds",
                memory.checks, memory.firstThird / megabyte, memory.middleThird / megabyte,
                memory.lastThird / megabyte))
        lines.append("checks that came out wrong: \(disagreements)")
        return lines.joined(separator: "\n")
    }

    private func line(_ name: String, _ row: ProofSpeed) -> String {
        name.padding(toLength: 18, withPad: " ", startingAt: 0)
            + String(
                format: "%6d %9.1f %10.1f %8.2f %8.2f %11.2f %11.2f %6d", row.checks, row.checksPerSecond,
                row.checksPerProcessorSecond, row.medianMilliseconds, row.slowMilliseconds, row.coqMilliseconds,
                row.ownMilliseconds, row.disagreements)
    }
}
