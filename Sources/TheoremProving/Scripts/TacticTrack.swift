/// Which tactics a prover may use.
public enum TacticTrack: String, Hashable, Sendable, Codable, CaseIterable {
    /// Structural tactics only: the proof's structure must be found (track A).
    case structural
    /// Decision procedures too, such as `lia`, `lra`, `nra`, `ring`, `tauto` (track B).
    case automated

    /// First words of tactics that are decision procedures or proof search.
    public static let automation: Set<String> = [
        "lia", "lra", "nia", "nra", "psatz", "ring", "ring_simplify", "field", "field_simplify", "tauto", "intuition",
        "firstorder", "congruence", "vm_compute", "native_compute", "omega", "easy", "now", "btauto", "rtauto",
        "eauto", "zify", "decide", "cbv", "compute",
    ]

    /// Whether a sentence may stand in a proof of this track.
    ///
    /// - Parameter sentence: one tactic sentence; every identifier in it counts, so that `try lia` is caught too.
    /// - Returns: false for decision procedures on the structural track.
    public func allows(_ sentence: String) -> Bool {
        if self == .automated { return true }
        let words = sentence.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "'" || $0 == ".") }
        return !words.contains { Self.automation.contains(String($0.last == "." ? $0.dropLast() : $0)) }
    }
}
