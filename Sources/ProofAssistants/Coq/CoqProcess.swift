/// Why an exchange with `coqidetop` came to nothing; the process is of no use after it.
enum CoqTrouble: Error {
    /// The process ended on its own.
    case died(String)
    /// It sent something that isn't its protocol.
    case protocolViolation(String)
    /// It neither answered nor worked.
    case unresponsive(String)
    /// It was killed, since it went on beyond a limit after it had been interrupted, or since memory ran out.
    case limit(ResourceLimit)
    /// Something that another try won't change: no program, a wrong version, a header or a statement with an error.
    case refused(ProofAssistantError)

    /// The error to report, where the trouble says nothing about a script.
    var error: ProofAssistantError {
        switch self {
        case .died(let what): .processDied(what)
        case .protocolViolation(let what): .protocolViolation(what)
        case .unresponsive(let what): .unresponsive(what)
        case .limit(let limit): .processDied("killed at the \(limit.rawValue) limit")
        case .refused(let error): error
        }
    }
}

/// What a process may use until its next answer.
struct CoqAllowance {
    /// Reading of the process's own clock at which it is interrupted.
    var processorTime: Duration
    /// Resident bytes at which it is interrupted.
    var memory: Int
}

/// A running `coqidetop`, spoken to in requests and answers.
///
/// Belongs to one thread.
final class CoqProcess {
    /// Versions whose protocol is known.
    static let versions = ["8.16"]

    private let child: ChildProcess
    private let options: CoqOptions
    private var stream = XMLStream()
    private var pending: ArraySlice<UInt8> = []
    private var replies: [CoqReply] = []
    private var lastResident = 0
    /// Messages since the last answer, and how many there may be: a large library loads with a few thousand.
    private var chatter = 0
    private static let mostChatter = 100_000
    /// The limit for whose sake the process was interrupted since ``clearInterrupt()``.
    private(set) var interruption: ResourceLimit?
    private var interruptedAt: ContinuousClock.Instant?

    /// How long a wait for output lasts before the limits are looked at.
    private static let tick: Int32 = 10

    /// Starts the program and makes sure that its version is a known one.
    init(_ options: CoqOptions, limits: Limits) throws(CoqTrouble) {
        self.options = options
        do throws(ProofAssistantError) {
            let program = try ProgramPath.find(options.sessionProgram)
            child = try ChildProcess(
                program: program, arguments: Self.arguments,
                settings: options.runtimeParameters.map { ["OCAMLRUNPARAM": $0] } ?? [:],
                walls: ChildWalls(addressSpace: options.addressSpacePerProcess, fileSize: 0, directory: Self.directory))
        } catch { throw .refused(error) }
        send([.about])
        let allowance = CoqAllowance(processorTime: limits.startTime, memory: limits.memory)
        guard case .good(let facts) = try reply(allowance), let version = try? CoqGoals.version(facts) else {
            throw .protocolViolation("it told no version")
        }
        guard Self.versions.contains(where: { version == $0 || version.hasPrefix($0 + ".") }) else {
            throw .refused(.wrongVersion(path: options.sessionProgram, found: version, supported: Self.versions))
        }
    }

    /// Where processes run: no user can make a file here.
    ///
    /// `nra` and others keep caches in files; where a cache file
    /// can't be opened they work without, but where it opens and writing fails, the tactic fails.
    private static let directory = "/proc"

    private static let arguments = [
        "-main-channel", "stdfds", "-q", "-async-proofs", "off", "-async-proofs-tactic-error-resilience", "off",
        "-async-proofs-command-error-resilience", "off",
    ]

    /// Processor time used so far.
    var processorTime: Duration { child.processorTime }
    /// Resident bytes now.
    var residentBytes: Int { child.residentBytes }

    /// Queues requests; they go out during the next ``reply(_:)``.
    func send(_ requests: [CoqRequest]) {
        pending = pending + requests.map(\.text).joined().utf8
    }

    /// Forgets that the process was interrupted.
    func clearInterrupt() {
        interruption = nil
        interruptedAt = nil
    }

    /// Waits for the next answer.
    ///
    /// Beyond the allowance the process is interrupted, again and again until it answers; ``interruption`` tells. If it
    /// doesn't come back within `grace`, it is killed.
    func reply(_ allowance: CoqAllowance) throws(CoqTrouble) -> CoqReply {
        var watch = SilenceWatch()
        while replies.isEmpty {
            let event = child.exchange(&pending, milliseconds: Self.tick) { bytes in
                stream.append(bytes)
                watch.lastWork = .now
            }
            try parse()
            if !replies.isEmpty { break }
            if case .ended = event { throw deathReport(allowance) }
            try enforce(allowance, &watch)
        }
        return replies.removeFirst()
    }

    private func parse() throws(CoqTrouble) {
        do {
            while let element = try stream.next() {
                if let reply = try CoqReply(element) {
                    replies.append(reply)
                    chatter = 0
                } else {
                    chatter += 1
                }
                if chatter > Self.mostChatter { throw XMLError.tooLarge }
            }
        } catch XMLError.tooLarge {
            child.kill()
            throw .limit(.memory)
        } catch {
            child.kill()
            throw .protocolViolation("\(error)")
        }
    }

    private func deathReport(_ allowance: CoqAllowance) -> CoqTrouble {
        child.drainErrors()
        child.kill()
        let words = String(decoding: child.errorTail, as: UTF8.self)
        let isMemory = words.lowercased().contains("out of memory") || words.contains("Out_of_memory")
        if isMemory || lastResident > allowance.memory / 4 * 3 { return .limit(.memory) }
        return .died("\(child.ending); \(words.isEmpty ? "no message" : words)")
    }

    /// Looks at clock and memory, and interrupts or kills where it must.
    private func enforce(_ allowance: CoqAllowance, _ watch: inout SilenceWatch) throws(CoqTrouble) {
        let now = ContinuousClock.now
        guard now - watch.lastLook >= .milliseconds(5) else { return }
        watch.lastLook = now
        let time = child.processorTime
        lastResident = child.residentBytes
        if lastResident > allowance.memory { interruption = .memory }
        if time > allowance.processorTime, interruption == nil { interruption = .time }
        if let limit = interruption {
            let since = interruptedAt ?? now
            interruptedAt = since
            child.interrupt()
            if now - since > options.grace || lastResident > allowance.memory * 2 {
                child.kill()
                throw .limit(limit)
            }
        }
        if time > watch.lastTime {
            watch.lastTime = time
            watch.lastWork = now
        } else if now - watch.lastWork > options.silence {
            child.kill()
            throw .unresponsive("no answer and no processor time for \(options.silence)")
        }
    }

    private struct SilenceWatch {
        var lastLook = ContinuousClock.now
        var lastWork = ContinuousClock.now
        var lastTime = Duration.zero
    }
}
