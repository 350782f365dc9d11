/// One Coq document in a process: a header, a statement, and tactics that ran so far.
///
/// Belongs to one thread.
///
/// The document only grows and shrinks at its end, so it remembers the sentences that ran, with the states after them.
/// A new script goes back to the last sentence that it shares with them.
final class CoqDocument {
    /// A sentence that ran.
    struct Entry {
        var sentence: String
        var id: Int
        /// State after it; nil where it wasn't asked for.
        var state: ProofState?
    }

    /// Why a sentence failed.
    struct Failure {
        var kind: ScriptFailure.Kind
        var message: String
        /// UTF-8 offsets in the sentence.
        var range: Range<Int>?
        /// Whether the sentence did its work and left no proof open.
        var endsProof = false
    }

    /// Processor time and memory that are left for a check.
    struct Budget {
        var sentenceTime: Duration
        var totalTime: Duration
        var memory: Int

        /// What a header or a statement may use.
        static func start(_ limits: Limits) -> Budget {
            Budget(sentenceTime: limits.startTime, totalTime: limits.startTime, memory: limits.memory)
        }

        /// What a script may use.
        static func script(_ limits: Limits) -> Budget {
            Budget(sentenceTime: limits.sentenceTime, totalTime: limits.totalTime, memory: limits.memory)
        }
    }

    let header: String
    private let process: CoqProcess
    private var headerID = 1
    /// The statement and the sentences that ran after it.
    private(set) var trail: [Entry] = []
    /// The last sentence that Coq holds, which may lie behind the trail.
    private var tip = 1
    /// The id that Coq is expected to give to the next sentence.
    private var nextID = 2
    /// Checks so far.
    var uses = 0
    /// Whether the process should be replaced before it is used again.
    private(set) var isSpent = false

    /// Settings before each header: states are printed whole and on one line.
    private static let settings = ["Set Printing Depth 1000.", "Set Printing Width 100000."]
    /// Most sentences that are sent ahead of their answers.
    private static let longestRun = 8

    /// Starts a process and loads a header.
    init(header: String, options: CoqOptions, limits: Limits) throws(CoqTrouble) {
        self.header = header
        process = try CoqProcess(options, limits: limits)
        process.send([.start])
        let allowance = CoqAllowance(processorTime: limits.startTime, memory: limits.memory)
        guard case .good(let tokens) = try process.reply(allowance), let id = try? CoqGoals.stateID(tokens) else {
            throw .protocolViolation("it didn't open a document")
        }
        (headerID, tip, nextID) = (id, id, id + 1)
        var budget = Budget.start(limits)
        for sentence in try Self.settings + CoqHeader.sentences(of: header) {
            let result = try runOne(sentence, &budget)
            if let failure = result.failure {
                throw .refused(.headerRejected(message: "\(failure.message) (in: \(sentence))"))
            }
            headerID = tip
        }
    }

    /// Processor time that the process has used so far.
    var processorTime: Duration { process.processorTime }
    /// Resident bytes of the process.
    var residentBytes: Int { process.residentBytes }

    /// Makes a statement the open one; nothing is done if it is.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved.
    ///   - reusing: whether sentences after the statement may stay.
    ///   - limits: the statement may use what a header may.
    /// - Throws: ``CoqTrouble`` where the process breaks down or refuses the statement.
    func open(_ statement: FormalStatement, reusing: Bool, _ limits: Limits) throws(CoqTrouble) {
        if let first = trail.first, first.sentence == statement.text, first.state != nil {
            if !reusing { trail.removeLast(trail.count - 1) }
            return
        }
        trail = []
        var budget = Budget.start(limits)
        let result = try runOne(statement.text, &budget)
        if let failure = result.failure {
            throw .refused(.statementRejected(name: statement.name, message: failure.message))
        }
        guard let state = result.state else {
            throw .refused(.statementRejected(name: statement.name, message: "it opens no proof"))
        }
        trail = [Entry(sentence: statement.text, id: tip, state: state)]
    }

    /// Goes back to the longest beginning of these sentences that ran already.
    ///
    /// - Parameters:
    ///   - sentences: what is to be run.
    ///   - wantsStates: whether the state after each of them must be known.
    /// - Returns: how many of them ran.
    func keepCommon(with sentences: [String], wantsStates: Bool = true) -> Int {
        var count = 0
        while count < sentences.count, count + 1 < trail.count, trail[count + 1].sentence == sentences[count],
            trail[count + 1].state != nil || !wantsStates
        {
            count += 1
        }
        trail.removeLast(trail.count - 1 - count)
        return count
    }

    /// Runs sentences after the trail, which they then belong to, up to the first failure.
    func advance(_ sentences: ArraySlice<String>, _ budget: inout Budget) throws(CoqTrouble) -> Failure? {
        var rest = sentences
        var size = 2
        while !rest.isEmpty {
            let count = trail.count
            if let failure = try run(rest.prefix(size), &budget) { return failure }
            rest = rest.dropFirst(trail.count - count)
            size = min(size * 2, Self.longestRun)
        }
        return nil
    }

    /// Runs a statement and a whole script and tries to close the proof, all without asking for a state.
    ///
    /// - Parameters:
    ///   - statement: what is to be proved; it has the time of a header.
    ///   - sentences: the script, without `Qed.`.
    ///   - closes: whether `Qed.` is tried at the end.
    ///   - reusing: whether sentences that ran already may count.
    ///   - limits: what all may use.
    /// - Returns: how many sentences ran, whether `Qed.` did, and the failure.
    /// - Throws: ``CoqTrouble`` where the process breaks down or refuses the statement.
    func check(
        _ statement: FormalStatement, _ sentences: [String], closes: Bool, reusing: Bool, _ limits: Limits
    ) throws(CoqTrouble) -> (ran: Int, isClosed: Bool, failure: Failure?) {
        var kept = 0
        if let first = trail.first, first.sentence == statement.text {
            if reusing {
                kept = keepCommon(with: sentences, wantsStates: false)
            } else {
                trail.removeLast(trail.count - 1)
            }
        } else {
            trail = []
        }
        if trail.isEmpty {
            // The statement may take as long as a header; what follows has its own limits.
            var budget = Budget.start(limits)
            if let failure = try run([statement.text], wantsStates: false, &budget) {
                let message = failure.endsProof ? "it opens no proof" : failure.message
                throw .refused(.statementRejected(name: statement.name, message: message))
            }
        }
        var budget = Budget.script(limits)
        var rest = sentences[kept...] + (closes ? ["Qed."] : [])
        while !rest.isEmpty {
            let before = trail.count
            let failure = try run(rest.prefix(Self.longestRun), wantsStates: false, &budget)
            let isAtQed = trail.count - 1 == sentences.count
            if let failure {
                return isAtQed && failure.endsProof ? (sentences.count, true, nil) : (trail.count - 1, false, failure)
            }
            rest = rest.dropFirst(trail.count - before)
        }
        guard trail.count - 1 > sentences.count else { return (sentences.count, false, nil) }
        trail.removeLast()
        return (sentences.count, false, Failure(kind: .error, message: "Qed left a proof open", range: nil))
    }

    /// Tries to close the proof.
    ///
    /// The trail stays as it was.
    func close(_ budget: inout Budget) throws(CoqTrouble) -> Failure? {
        let result = try runOne("Qed.", &budget)
        if result.failure == nil, result.state != nil {
            return Failure(kind: .error, message: "Qed left a proof open", range: nil)
        }
        return result.failure
    }
}

extension CoqDocument {
    /// Where the document ends for us: the tip of the trail, or the header.
    private var end: Int { trail.last?.id ?? headerID }

    /// Runs one sentence at the end and leaves it there, in no trail.
    private func runOne(
        _ sentence: String, _ budget: inout Budget
    ) throws(CoqTrouble) -> (state: ProofState?, failure: Failure?) {
        let result = try exchange([sentence], &budget)
        return (result.ran.first?.state, result.failure)
    }

    /// Runs a few sentences, all sent at once, and enters them in the trail.
    private func run(
        _ sentences: ArraySlice<String>, wantsStates: Bool = true, _ budget: inout Budget
    ) throws(CoqTrouble) -> Failure? {
        let result = try exchange(sentences, wantsStates: wantsStates, &budget)
        for (sentence, answer) in zip(sentences, result.ran) {
            guard answer.isInProof else {
                return Failure(kind: .error, message: "the sentence ended the proof", range: nil, endsProof: true)
            }
            trail.append(Entry(sentence: sentence, id: answer.id, state: answer.state))
        }
        return result.failure
    }

    private typealias Answer = (id: Int, isInProof: Bool, state: ProofState?)

    /// Sends sentences with a question after each, and reads what comes back.
    ///
    /// The question is for the goals, or only whether a proof is open. Either makes Coq run the sentence.
    ///
    /// The ids that Coq gives are foretold, so that all can go out in one write. Should Coq give another one, the rest
    /// comes to nothing; the answers up to there are returned and the caller sends the rest again.
    private func exchange(
        _ sentences: ArraySlice<String>, wantsStates: Bool = true, _ budget: inout Budget
    ) throws(CoqTrouble) -> (ran: [Answer], failure: Failure?) {
        var requests: [CoqRequest] = tip == end ? [] : [.editAt(end)]
        var behind = end
        for (offset, sentence) in sentences.enumerated() {
            requests += [.add(sentence: sentence, behind: behind), wantsStates ? .goal : .status]
            behind = nextID + offset
        }
        let foretold = nextID
        let mustEdit = tip != end
        process.send(requests)
        if mustEdit { try finishEdit() }
        var ran: [Answer] = []
        for index in 0..<sentences.count {
            let before = process.processorTime
            let outcome: Outcome
            do throws(CoqTrouble) {
                outcome = try readOutcome(allowance(budget, from: before), wantsState: wantsStates)
            } catch {
                guard case .limit(let limit) = error else { throw error }
                isSpent = true
                return (ran, Failure(limit))
            }
            budget.totalTime -= process.processorTime - before
            let left = 2 * (sentences.count - 1 - index)
            switch outcome {
            case .ran(let answer):
                let id = answer.id
                ran.append(answer)
                if id == foretold + index { continue }
                try drain(left, budget)
                return (ran, nil)
            case .failed(let failure):
                try drain(left, budget)
                return (ran, failure)
            }
        }
        return (ran, nil)
    }

    private enum Outcome {
        case ran(Answer)
        case failed(Failure)
    }

    private func allowance(_ budget: Budget, from start: Duration) -> CoqAllowance {
        CoqAllowance(processorTime: start + min(budget.sentenceTime, budget.totalTime), memory: budget.memory)
    }

    /// Reads the two answers that belong to one sentence.
    private func readOutcome(_ allowance: CoqAllowance, wantsState: Bool) throws(CoqTrouble) -> Outcome {
        let added = try process.reply(allowance)
        let answer = try process.reply(allowance)
        if case .good(let tokens) = added { try enter(tokens) }
        if let limit = process.interruption {
            if limit == .memory { isSpent = true }
            return .failed(Failure(limit))
        }
        switch (added, answer) {
        case (.fail(let failure), _), (.good, .fail(let failure)):
            if failure.isInterrupt { throw .died("it was interrupted from outside") }
            if failure.isOutOfMemory {
                isSpent = true
                return .failed(Failure(.memory))
            }
            return .failed(Failure(kind: .error, message: failure.message, range: failure.range))
        case (.good, .good(let tokens)):
            do {
                if !wantsState { return .ran((id: tip, isInProof: try CoqGoals.isInProof(tokens), state: nil)) }
                let state = try CoqGoals.state(tokens)
                return .ran((id: tip, isInProof: state != nil, state: state))
            } catch { throw .protocolViolation("\(error)") }
        }
    }

    /// Notes that Coq has taken in a sentence.
    private func enter(_ tokens: ArraySlice<XMLToken>) throws(CoqTrouble) {
        guard let id = try? CoqGoals.stateID(tokens) else { throw .protocolViolation("an added sentence has no id") }
        tip = id
        nextID = id + 1
    }

    /// Reads answers to what was sent behind a sentence that failed, and gets over an interrupt.
    private func drain(_ count: Int, _ budget: Budget) throws(CoqTrouble) {
        do throws(CoqTrouble) {
            for index in 0..<count {
                let reply = try process.reply(allowance(budget, from: process.processorTime))
                if index.isMultiple(of: 2), case .good(let tokens) = reply { try enter(tokens) }
            }
            if process.interruption != nil { try settle() }
        } catch {
            guard case .limit = error else { throw error }
            isSpent = true
        }
    }

    /// After an interrupt: goes back to the end of the trail.
    ///
    /// An interrupt that comes too late hits the next request, so that going back may have to be asked for again.
    private func settle() throws(CoqTrouble) {
        process.clearInterrupt()
        for _ in 0..<8 {
            process.send([.editAt(end)])
            if try readEdit() { return }
        }
        throw .protocolViolation("it can't go back to state \(end) after an interrupt")
    }

    private func finishEdit() throws(CoqTrouble) {
        guard try readEdit() else { throw .protocolViolation("it can't go back to state \(end)") }
    }

    private func readEdit() throws(CoqTrouble) -> Bool {
        let allowance = CoqAllowance(processorTime: process.processorTime + .seconds(10), memory: .max / 2)
        guard case .good(let tokens) = try process.reply(allowance), CoqGoals.isPlainEdit(tokens) else { return false }
        tip = end
        return true
    }
}

extension CoqDocument.Failure {
    /// Whether it is what `Qed.` says where goals are left.
    var saysUnfinished: Bool { message.contains("Attempt to save") }

    /// The failure that a limit stands for.
    init(_ limit: ResourceLimit) {
        switch limit {
        case .time: self.init(kind: .timeLimit, message: "the processor time is used up", range: nil)
        case .memory: self.init(kind: .memoryLimit, message: "the memory is used up", range: nil)
        }
    }
}
