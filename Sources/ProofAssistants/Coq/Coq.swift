/// Coq 8.16 as a proof assistant: warm interactive processes for traces, fresh compilers for verdicts.
///
/// Interactive processes are kept by header, the least recently used one goes first. All scripts are untrusted:
/// they pass a sentence filter, processes have limits of their own and can't write files.
public final class Coq: Sendable {
    let options: CoqOptions

    /// Starts nothing yet; processes come with the first check.
    public init(_ options: CoqOptions = CoqOptions()) { self.options = options }
}
