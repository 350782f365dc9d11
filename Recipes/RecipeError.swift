/// What can be wrong with a request to run a recipe.
///
/// Every case prints as one sentence.
public enum RecipeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no recipe of that name.
    case unknownRecipe(name: String, known: [String])
    /// The recipe has no setting of that name.
    case unknownSetting(name: String, known: [String])
    /// A setting isn't `name=value`.
    case malformedSetting(text: String)
    /// A setting's value has the wrong type or range.
    case badValue(name: String, value: String, reason: String)
    /// The task that the recipe trains on isn't here.
    case missingTask(id: String, reason: String)

    /// One sentence for a person, with the nearest known name.
    public var description: String {
        switch self {
        case .unknownRecipe(let name, let known):
            "There is no recipe \"\(name)\"\(Self.suggestion(name, known)) `ludus list` shows all of them."
        case .unknownSetting(let name, let known):
            "There is no setting \"\(name)\"\(Self.suggestion(name, known)) Settings: \(known.joined(separator: ", "))."
        case .malformedSetting(let text):
            "\"\(text)\" is not a setting; write name=value."
        case .badValue(let name, let value, let reason):
            "\(name)=\(value): \(reason)"
        case .missingTask(let id, let reason):
            "The task \(id) isn't here: \(reason). MuJoCo and Atari tasks need what Scripts/bootstrap sets up."
        }
    }

    private static func suggestion(_ name: String, _ known: [String]) -> String {
        nearestName(to: name, in: known).map { "; did you mean \"\($0)\"?" } ?? "."
    }
}

/// The known name that a mistyped one most likely stands for.
///
/// - Parameters:
///   - name: what was typed.
///   - known: the names there are.
/// - Returns: the name with the fewest edits (insertions, deletions, substitutions, swaps of neighbours), or nil when
///   even that takes more than a third of the letters typed, rounded up. The beginning of a name counts as the name
///   with one more edit.
/// - Complexity: O(letters² · names).
public func nearestName(to name: String, in known: [String]) -> String? {
    let typed = name.lowercased()
    let distances = known.map { candidate in
        let whole = candidate.lowercased()
        let start = name.count >= 3 ? editDistance(typed, String(whole.prefix(name.count))) + 1 : .max
        return (name: candidate, edits: min(editDistance(typed, whole), start))
    }
    guard let nearest = distances.min(by: { $0.edits < $1.edits }) else { return nil }
    let allowed = (name.count + 2) / 3
    return nearest.edits <= allowed ? nearest.name : nil
}

/// The optimal string alignment distance: Damerau–Levenshtein without editing a swapped pair again.
func editDistance(_ first: String, _ second: String) -> Int {
    let a = Array(first)
    let b = Array(second)
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
            row.append(best)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
