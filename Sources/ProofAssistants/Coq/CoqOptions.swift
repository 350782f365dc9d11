/// How Coq is run.
public struct CoqOptions: Hashable, Sendable, Codable {
    /// The interactive program: a path, or a name that is looked up in `PATH`.
    public var sessionProgram = "coqidetop.opt"
    /// The compiler for second opinions: a path, or a name that is looked up in `PATH`.
    public var compiler = "coqc"
    /// Most interactive processes at a time, at least 1.
    public var processes = 2
    /// Most compilers at a time, at least 1.
    public var compilers = 2
    /// Checks after which a process is replaced, at least 1.
    public var usesPerProcess = 20_000
    /// Resident bytes after a check beyond which a process is replaced.
    public var residentBytesPerProcess = 1536 << 20
    /// Address space of a process in bytes; Coq reports "out of memory" beyond it.
    public var addressSpacePerProcess = 6 << 30
    /// Parameters of OCaml's memory management for interactive processes; nil leaves Coq its own.
    ///
    /// Coq's own give 256 MiB to new values and let much garbage stand. These here give 8 MiB and let less stand: half
    /// the memory, and a heap that soon stops growing, at the same speed.
    public var runtimeParameters: String? = "s=1M,o=80"
    /// Wall time without an answer and without processor time after which a process counts as unresponsive.
    public var silence: Duration = .seconds(60)
    /// Wall time that an interrupted process has to come back before it is killed.
    public var grace: Duration = .seconds(15)
    /// Whether the sentences that the previous check left behind are used again.
    public var reusesState = true
    /// Axioms that a proof may rest on.
    public var allowedAxioms = AxiomAllowance()

    /// The defaults.
    public init() {}
}

/// Axioms that a verified proof may rest on.
///
/// Anything else that `Print Assumptions` lists makes a proof rejected.
public struct AxiomAllowance: Hashable, Sendable, Codable {
    /// Full names that are always allowed.
    ///
    /// The default holds the axioms under Coq's own real numbers: two decidability axioms of the Dedekind
    /// construction and functional extensionality.
    public var always: Set<String> = [
        "Coq.Reals.ClassicalDedekindReals.sig_forall_dec", "Coq.Reals.ClassicalDedekindReals.sig_not_dec",
        "Coq.Logic.FunctionalExtensionality.functional_extensionality_dep",
    ]
    /// Full names that are allowed if the header holds the word they are filed under.
    ///
    /// The default allows `Coq.Logic.Classical_Prop.classic` where the header imports classical logic itself, or a
    /// library of real numbers: Coq 8.16's `ln` and mean value theorem already rest on it.
    public var whenHeaderMentions: [String: Set<String>] = [
        "Classical": ["Coq.Logic.Classical_Prop.classic"],
        "Reals": ["Coq.Logic.Classical_Prop.classic"],
        "Coquelicot": ["Coq.Logic.Classical_Prop.classic"],
    ]

    /// The defaults.
    public init() {}

    /// All names that are allowed under a header.
    public func allowed(under header: String) -> Set<String> {
        whenHeaderMentions.reduce(into: always) { names, entry in
            if header.contains(entry.key) { names.formUnion(entry.value) }
        }
    }
}
