/// Reading of proof states out of `coqidetop`'s answers.
enum CoqGoals {
    /// The id in an answer to `Add`, or in one to `Init`.
    static func stateID(_ tokens: ArraySlice<XMLToken>) throws(CoqProtocolError) -> Int {
        var cursor = XMLCursor(tokens)
        if case .open(let name, _)? = tokens.first, name == "pair" { try cursor.open("pair") }
        guard let id = try cursor.open("state_id")["val"].flatMap({ Int($0) }), id >= 0 else {
            throw CoqProtocolError(expected: "a state id")
        }
        return id
    }

    /// The version in an answer to `About`.
    static func version(_ tokens: ArraySlice<XMLToken>) throws(CoqProtocolError) -> String {
        var cursor = XMLCursor(tokens)
        try cursor.open("coq_info")
        return try cursor.text(of: "string")
    }

    /// Whether an answer to `Edit_at` says that the state is the last one now, with nothing behind it.
    static func isPlainEdit(_ tokens: ArraySlice<XMLToken>) -> Bool {
        if case .open("union", let attributes)? = tokens.first { attributes["val"] == "in_l" } else { false }
    }

    /// Whether an answer to `Status` names an open proof.
    static func isInProof(_ tokens: ArraySlice<XMLToken>) throws(CoqProtocolError) -> Bool {
        var cursor = XMLCursor(tokens)
        try cursor.open("status")
        try cursor.skipElement("list")
        return try cursor.open("option")["val"] == "some"
    }

    /// The goals in an answer to `Goal`; nil outside of a proof.
    static func state(_ tokens: ArraySlice<XMLToken>) throws(CoqProtocolError) -> ProofState? {
        var cursor = XMLCursor(tokens)
        if try cursor.open("option")["val"] == "none" { return nil }
        try cursor.open("goals")
        let goals = try cursor.list(goal)
        // Each level of focus holds the goals to its left (reversed) and to its right; the innermost comes first.
        let levels = try cursor.list { (cursor) throws(CoqProtocolError) -> [Goal] in
            try cursor.open("pair")
            let left = try cursor.list(goal)
            let right = try cursor.list(goal)
            try cursor.close()
            return left.reversed() + right
        }
        let shelved = try cursor.list { (cursor) throws(CoqProtocolError) in try cursor.skipElement("goal") }.count
        let givenUp = try cursor.list { (cursor) throws(CoqProtocolError) in try cursor.skipElement("goal") }.count
        return ProofState(goals: goals, background: levels.flatMap { $0 }, shelved: shelved, givenUp: givenUp)
    }

    private static func goal(_ cursor: inout XMLCursor) throws(CoqProtocolError) -> Goal {
        try cursor.open("goal")
        try cursor.skipElement("string")
        let lines = try cursor.list { (cursor) throws(CoqProtocolError) in try cursor.text(of: "richpp") }
        let conclusion = try cursor.text(of: "richpp")
        try cursor.skipElement("option")
        try cursor.close()
        return Goal(hypotheses: lines.map { hypothesis(folded($0)) }, conclusion: folded(conclusion))
    }

    /// Runs of blanks and line ends folded to one blank, none at the ends.
    static func folded(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                if let last = output.last, last != 0x20 { output.append(0x20) }
            } else {
                output.append(byte)
            }
        }
        if output.last == 0x20 { output.removeLast() }
        return String(decoding: output, as: UTF8.self)
    }

    /// A hypothesis from Coq's one line: `a, b : T` or `x := body : T`.
    static func hypothesis(_ line: String) -> Hypothesis {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard let mark = words.firstIndex(where: { $0 == ":" || $0 == ":=" }) else {
            return Hypothesis(names: [], type: line)
        }
        let names = words[..<mark].map { $0.last == "," ? String($0.dropLast()) : String($0) }
        let rest = words[(mark + 1)...]
        if words[mark] == ":" { return Hypothesis(names: names, type: rest.joined(separator: " ")) }
        guard let colon = typeColon(rest) else {
            return Hypothesis(names: names, type: "", body: rest.joined(separator: " "))
        }
        return Hypothesis(
            names: names, type: rest[(colon + 1)...].joined(separator: " "),
            body: rest[..<colon].joined(separator: " "))
    }

    /// The colon between a local definition's body and its type: the first one outside of brackets and binders.
    private static func typeColon(_ words: ArraySlice<Substring>) -> Int? {
        var depth = 0
        var inBinder = false
        for (index, word) in zip(words.indices, words) {
            if depth == 0, word == ":", !inBinder { return index }
            if depth == 0, ["fun", "forall", "exists", "exists!", "let", "fix", "cofix"].contains(word) {
                inBinder = true
            }
            for byte in word.utf8 {
                if "([{".utf8.contains(byte) { depth += 1 }
                if ")]}".utf8.contains(byte) { depth -= 1 }
            }
            if depth == 0, word.hasSuffix(",") || word == "=>" || word == ":=" { inBinder = false }
        }
        return nil
    }
}
