/// The two self-tests of a ``Coq``, each run until it has passed once.
///
/// A broken verifier that fails every proof looks like a weak prover, and one that passes every proof like a strong
/// one; the test rules out both.
struct CoqSelfTests: Sendable {
    /// The test of warm processes.
    let session = OnceGate()
    /// The test of the compiler.
    let compiler = OnceGate()

    /// An empty header loads in a tenth of a second of processor time.
    static let limits = Limits(startTime: .seconds(5))
    static let truth = FormalStatement(
        name: "ludus_true", text: "Theorem ludus_true : forall A B : Prop, A /\\ B -> B /\\ A.")
    static let goodScript = "intros A B [a b]. split. - exact b. - exact a. Qed."
    static let falsehood = FormalStatement(
        name: "ludus_false", text: "Theorem ludus_false : forall A B : Prop, A \\/ B -> A /\\ B.")
    static let badScript = "intros A B [a | b]. split. exact a. exact a. split. exact b. exact b. Qed."

    /// Throws unless the true proof was accepted and the false one refused.
    static func judge(_ what: String, accepted: Bool, refused: Bool) throws(ProofAssistantError) {
        if !accepted { throw .selfTestFailed("\(what) doesn't accept a true proof") }
        if !refused { throw .selfTestFailed("\(what) doesn't refuse a false proof") }
    }
}

/// Lets all callers wait for one run of a task, until a run has succeeded.
actor OnceGate {
    private var hasPassed = false
    private var running: Task<Result<Void, ProofAssistantError>, Never>?

    /// Returns once a run has succeeded, or throws what the run that it waited for threw.
    func pass(
        _ run: @escaping @Sendable () async throws(ProofAssistantError) -> Void
    ) async throws(ProofAssistantError) {
        if hasPassed { return }
        let task =
            running
            ?? Task {
                do throws(ProofAssistantError) {
                    try await run()
                    return .success(())
                } catch { return .failure(error) }
            }
        running = task
        let result = await task.value
        running = nil
        if case .success = result { hasPassed = true }
        try result.get()
    }
}
