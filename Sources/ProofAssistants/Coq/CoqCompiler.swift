import Foundation

/// The second opinion: a fresh `coqc` for each proof, on a thread of its own.
actor CoqCompiler {
    private let executor = ThreadExecutor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let options: CoqOptions

    init(options: CoqOptions) { self.options = options }

    /// Checks a proof; once more if the compiler breaks down.
    func verify(_ statement: FormalStatement, script: String, limits: Limits) -> Verdict {
        let judged = CoqScript(script)
        if let failure = judged.failure {
            let kind: Diagnostic.Kind = failure.kind == .forbidden ? .forbidden : .error
            return .rejected(Diagnostic(kind: kind, message: failure.message, range: failure.range))
        }
        let file: CoqProofFile
        do {
            file = try CoqProofFile(
                statement, judged, scriptLength: script.utf8.count, allowance: options.allowedAxioms)
        } catch {
            return .rejected(Diagnostic(kind: .statement, message: error.error.description))
        }
        var verdict = Verdict.infrastructure("")
        for _ in 0..<2 {
            verdict = compile(file, limits)
            guard case .infrastructure = verdict else { break }
        }
        return verdict
    }

    private func compile(_ file: CoqProofFile, _ limits: Limits) -> Verdict {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ludus-compile-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            let program = try ProgramPath.find(options.compiler)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: folder.appendingPathComponent(CoqProofFile.name))
            let child = try ChildProcess(
                program: program, arguments: ["-q", "-noglob", "-color", "no", CoqProofFile.name],
                walls: ChildWalls(
                    addressSpace: options.addressSpacePerProcess, fileSize: 256 << 20, directory: folder.path),
                errorTailLimit: 1 << 16)
            return wait(for: child, file, limits)
        } catch let error as ProofAssistantError {
            return .infrastructure(error.description)
        } catch {
            return .infrastructure("the proof's file couldn't be written to \(folder.path): \(error)")
        }
    }

    private func wait(for child: ChildProcess, _ file: CoqProofFile, _ limits: Limits) -> Verdict {
        let timeLimit = limits.startTime + limits.totalTime
        var output: [UInt8] = []
        var nothing: ArraySlice<UInt8> = []
        var lastWork = ContinuousClock.now
        var lastTime = Duration.zero
        child.closeInput()
        while true {
            let event = child.exchange(&nothing, milliseconds: 10) { output.append(contentsOf: $0) }
            if case .ended = event { break }
            let time = child.processorTime
            if time > timeLimit { return .undecided(.time) }
            if child.residentBytes > limits.memory || output.count > 64 << 20 { return .undecided(.memory) }
            if time > lastTime { (lastTime, lastWork) = (time, .now) }
            if ContinuousClock.now - lastWork > options.silence {
                return .infrastructure("\(options.compiler) neither ended nor worked for \(options.silence)")
            }
        }
        child.drainErrors()
        child.reap()
        let errors = String(decoding: child.errorTail, as: UTF8.self)
        let words = String(decoding: output, as: UTF8.self)
        if child.exitCode == 0 { return file.audit(words) }
        if errors.contains("Out of memory") || errors.contains("Out_of_memory") || errors.contains("out of memory") {
            return .undecided(.memory)
        }
        if child.exitCode == 1, let diagnostic = file.diagnostic(errors) { return .rejected(diagnostic) }
        return .infrastructure("\(options.compiler) ended with \(child.ending): \(errors.suffix(500))")
    }
}
