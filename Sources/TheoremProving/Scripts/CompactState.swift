import ProofAssistants

/// A proof state in one short line, for prompts: `x y : nat; H : x = y |- y = x`, and ` ++ n` for n further goals.
enum CompactState {
    /// The canonical line; equal states give equal lines.
    ///
    /// - Parameters:
    ///   - state: any state.
    ///   - limit: characters; longer contexts lose their oldest hypotheses (`...; `), then their end.
    /// - Returns: a line without a newline.
    static func text(_ state: ProofState, limit: Int) -> String {
        guard let goal = state.goals.first else {
            return state.isFinished ? "done" : "other goals \(state.background.count + state.shelved)"
        }
        let tail = " |- \(goal.conclusion)" + further(state)
        var parts = goal.hypotheses.map { hypothesis in
            let names = hypothesis.names.joined(separator: " ")
            return hypothesis.body.map { "\(names) := \($0) : \(hypothesis.type)" } ?? "\(names) : \(hypothesis.type)"
        }
        parts = merged(parts)
        var total = parts.reduce(tail.count) { $0 + $1.count + 2 }
        var isCut = false
        while total > limit, !parts.isEmpty {
            total -= parts.removeFirst().count + 2
            isCut = true
        }
        let head = (isCut ? ["..."] + parts : parts).joined(separator: "; ")
        let line = String((head + tail).prefix(limit))
        return line.replacing("\"", with: "'").replacing("(*", with: "( *").replacing("*)", with: "* )")
    }

    private static func further(_ state: ProofState) -> String {
        let count = state.goals.count - 1 + state.background.count
        return count > 0 ? " ++ \(count)" : ""
    }

    /// Neighbours of the same type share an entry; parts are `names : type`.
    private static func merged(_ parts: [String]) -> [String] {
        var result: [(names: String, type: String)] = []
        for part in parts {
            guard let range = part.firstRange(of: " : "), !part.contains(":=") else {
                result.append((part, ""))
                continue
            }
            let (names, type) = (String(part[..<range.lowerBound]), String(part[range.upperBound...]))
            if let last = result.last, last.type == type {
                result[result.count - 1].names += " " + names
            } else {
                result.append((names, type))
            }
        }
        return result.map { $0.type.isEmpty ? $0.names : "\($0.names) : \($0.type)" }
    }
}
