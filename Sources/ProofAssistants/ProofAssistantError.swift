/// Why nothing could be said about a script.
///
/// None of these counts as a failed proof.
public enum ProofAssistantError: Error, Hashable, Sendable {
    /// A program isn't there or can't be started.
    case programMissing(path: String, reason: String)
    /// A program answers, but as another version than the ones supported.
    case wrongVersion(path: String, found: String, supported: [String])
    /// The start-up self-test judged a true proof false or a false one true.
    case selfTestFailed(String)
    /// The header doesn't compile, or holds a sentence that headers may not hold.
    case headerRejected(message: String)
    /// The statement doesn't compile, or isn't exactly one sentence with the name it claims.
    case statementRejected(name: String, message: String)
    /// The process died during the check, twice in a row.
    case processDied(String)
    /// The process answered something that isn't its protocol.
    case protocolViolation(String)
    /// The process didn't answer, didn't use its processor time and had to be killed.
    case unresponsive(String)
    /// The assistant has been shut down.
    case shutDown
    /// The task that waited was cancelled.
    case cancelled
}

extension ProofAssistantError: CustomStringConvertible {
    /// One sentence for a person: what, where, what to do.
    public var description: String {
        switch self {
        case .programMissing(let path, let reason):
            "can't start \(path): \(reason); install Coq (package `coq`) or set the path in the options"
        case .wrongVersion(let path, let found, let supported):
            "\(path) is version \(found), but only \(supported.joined(separator: ", ")) are supported"
        case .selfTestFailed(let what): "self-test failed, so no verdict can be trusted: \(what)"
        case .headerRejected(let message): "the header was rejected: \(message)"
        case .statementRejected(let name, let message): "the statement \(name) was rejected: \(message)"
        case .processDied(let what): "the proof assistant's process died twice on one check: \(what)"
        case .protocolViolation(let what): "the process broke its protocol: \(what)"
        case .unresponsive(let what): "the process stopped answering and was killed: \(what)"
        case .shutDown: "the proof assistant has been shut down; make a new one"
        case .cancelled: "the check was cancelled before it began"
        }
    }
}
