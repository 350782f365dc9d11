/// One interactive process and the thread that works with it.
actor CoqWorker {
    private let executor = ThreadExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let options: CoqOptions
    private let counts: CoqCounts
    private var document: CoqDocument?

    init(options: CoqOptions, counts: CoqCounts) {
        self.options = options
        self.counts = counts
    }

    /// A statement with a script, ready to run.
    struct Check: Sendable {
        var statement: FormalStatement
        var prefix: CoqScript
        var script: CoqScript
        /// Length of the script in UTF-8 bytes, where an unwritten `Qed.` would stand.
        var scriptLength: Int
        var limits: Limits
        /// Whether `Qed` is tried where the script doesn't hold it but no goal is left.
        var closes: Bool
        /// Whether the state after each sentence is asked for; else steps hold an empty state, but for the last.
        var wantsStates = true
    }

    /// Runs a check; once more on a fresh process if the process breaks down.
    func run(_ check: Check) throws(ProofAssistantError) -> ScriptTrace {
        do {
            return try attempt(check)
        } catch {
            if case .refused(let refusal) = error { throw refusal }
            counts.add { $0.retries += 1 }
            do { return try attempt(check) } catch { throw error.error }
        }
    }

    /// Resident bytes of the process; 0 if there is none.
    var residentBytes: Int { document?.residentBytes ?? 0 }

    /// Ends the process.
    func stop() { document = nil }

    private func attempt(_ check: Check) throws(CoqTrouble) -> ScriptTrace {
        let start = ContinuousClock.now
        do throws(CoqTrouble) {
            let document = try openDocument(check)
            let before = document.processorTime
            var trace = try trace(check, in: document)
            trace.timing.processor = document.processorTime - before
            trace.timing.run = ContinuousClock.now - start
            retire(document)
            return trace
        } catch {
            document = nil
            throw error
        }
    }

    private func openDocument(_ check: Check) throws(CoqTrouble) -> CoqDocument {
        if let document, document.header == check.statement.header { return document }
        document = nil
        counts.add { $0.processesStarted += 1 }
        let fresh = try CoqDocument(header: check.statement.header, options: options, limits: check.limits)
        document = fresh
        return fresh
    }

    /// Ends a process that was used long enough or grew too large.
    private func retire(_ used: CoqDocument) {
        used.uses += 1
        let isOld = used.uses >= options.usesPerProcess
        let isLarge = used.uses.isMultiple(of: 16) && used.residentBytes > options.residentBytesPerProcess
        if isOld || isLarge || used.isSpent {
            counts.add { $0.processesRecycled += 1 }
            document = nil
        }
    }

    private func trace(_ check: Check, in document: CoqDocument) throws(CoqTrouble) -> ScriptTrace {
        do throws(ProofAssistantError) { _ = try CoqStatement(check.statement) } catch { throw .refused(error) }
        // `Proof.` changes nothing, so it isn't sent; each step points at the sentence that is run for it, if any.
        let prefix = check.prefix.sentences.filter { !CoqScript.isExactly("Proof", $0) }
        let script = check.script.sentences.filter { !CoqScript.isExactly("Proof", $0) }
        let texts = (prefix + script).map(\.text)
        if !check.wantsStates { return try outcome(check, texts, prefixCount: prefix.count, in: document) }
        try document.open(check.statement, reusing: options.reusesState, check.limits)
        var budget = CoqDocument.Budget.script(check.limits)
        let kept = document.keepCommon(with: texts)
        let failure = try document.advance(texts[kept...], &budget)
        var trace = report(check, document.trail, prefixCount: prefix.count, failure)
        if trace.failure == nil, let later = check.script.failure { trace.failure = later }
        let finished = check.closes && document.trail.last?.state?.isFinished == true
        if trace.failure == nil, check.script.closing != nil || finished { try close(check, document, &budget, &trace) }
        return trace
    }

    /// A trace without states: everything goes out at once, and `Qed.` with it.
    private func outcome(
        _ check: Check, _ texts: [String], prefixCount: Int, in document: CoqDocument
    ) throws(CoqTrouble) -> ScriptTrace {
        let isWhole = check.script.failure == nil
        let result = try document.check(
            check.statement, texts, closes: isWhole && (check.closes || check.script.closing != nil),
            reusing: options.reusesState, check.limits)
        let atQed = result.ran == texts.count
        var trace = report(check, document.trail, prefixCount: prefixCount, atQed ? nil : result.failure)
        if result.failure == nil { trace.failure = check.script.failure }
        trace.isComplete = result.isClosed
        let range = check.script.closing?.range ?? check.scriptLength..<check.scriptLength
        if result.isClosed, let closing = check.script.closing {
            trace.steps.append(ScriptStep(range: range, sentence: closing.text, state: ProofState()))
        }
        if atQed, let failure = result.failure, check.script.closing != nil || !failure.saysUnfinished {
            trace.failure = ScriptFailure(range: range, message: failure.message, kind: failure.kind)
        }
        return trace
    }

    private func close(
        _ check: Check, _ document: CoqDocument, _ budget: inout CoqDocument.Budget, _ trace: inout ScriptTrace
    ) throws(CoqTrouble) {
        let range = check.script.closing?.range ?? check.scriptLength..<check.scriptLength
        if let failure = try document.close(&budget) {
            trace.failure = ScriptFailure(range: range, message: failure.message, kind: failure.kind)
            return
        }
        trace.isComplete = true
        if let closing = check.script.closing {
            trace.steps.append(ScriptStep(range: range, sentence: closing.text, state: ProofState()))
        }
    }

    /// Turns a trail into steps of the script.
    private func report(
        _ check: Check, _ trail: [CoqDocument.Entry], prefixCount: Int, _ failure: CoqDocument.Failure?
    ) -> ScriptTrace {
        let ran = trail.count - 1
        let initial = trail[min(prefixCount, ran)].state ?? ProofState()
        var trace = ScriptTrace(initial: initial)
        var next = prefixCount + 1
        let failedInPrefix = failure != nil && ran < prefixCount
        if !failedInPrefix {
            for sentence in check.script.sentences {
                if !CoqScript.isExactly("Proof", sentence) {
                    guard next < trail.count else { break }
                    next += 1
                }
                trace.steps.append(
                    ScriptStep(
                        range: sentence.range, sentence: sentence.text, state: trail[next - 1].state ?? ProofState()))
            }
        }
        if let failure {
            let source = failedInPrefix ? check.prefix : check.script
            let tactics = source.sentences.filter { !CoqScript.isExactly("Proof", $0) }
            let place = tactics[failedInPrefix ? ran : ran - prefixCount].range
            trace.failure = ScriptFailure(
                range: Self.narrowed(place, failure.range), message: failure.message, kind: failure.kind,
                isInPrefix: failedInPrefix)
        }
        return trace
    }

    /// The part of a sentence that a message is about, or the whole sentence.
    private static func narrowed(_ sentence: Range<Int>, _ part: Range<Int>?) -> Range<Int> {
        guard let part, part.upperBound <= sentence.count, !part.isEmpty else { return sentence }
        return (sentence.lowerBound + part.lowerBound)..<(sentence.lowerBound + part.upperBound)
    }
}
