/// A statement before it is printed: variables, hypotheses, conclusion.
struct Sequent: Hashable, Sendable {
    var binders: [Binder] = []
    var hypotheses: [Proposition] = []
    var conclusion: Proposition

    /// The closed formula: `forall binders, hypothesis -> ... -> conclusion`.
    var proposition: Proposition {
        let body = hypotheses.reversed().reduce(conclusion) { .implication($1, $0) }
        return binders.isEmpty ? body : .universal(binders, body)
    }

    /// The sequent without binders that nothing refers to.
    var withoutUnusedBinders: Sequent {
        let used = Set((hypotheses + [conclusion]).flatMap(\.names))
        var result = self
        let inner = (hypotheses + [conclusion]).flatMap(\.quantified)
        let needsType = (binders.filter { used.contains($0.name) } + inner).contains { mentionsType($0.sort) }
        result.binders = binders.filter { used.contains($0.name) || ($0.sort == .type && needsType) }
        return result
    }

    private func mentionsType(_ sort: Sort) -> Bool {
        switch sort {
        case .individual: true
        case .function(let arguments, let result): (arguments + [result]).contains(where: mentionsType)
        case .proposition, .type, .number: false
        }
    }

    /// Text that is equal for two sequents exactly when they differ in the names of variables, the order of
    /// binders or unused binders only.
    var canonicalText: String {
        var assigned: [String: String] = [:]
        var order: [String] = []
        func rename(_ name: String) -> String {
            if let known = assigned[name] { return known }
            let fresh = "v\(assigned.count)"
            assigned[name] = fresh
            order.append(name)
            return fresh
        }
        let parts = (hypotheses + [conclusion]).map { $0.renamed(rename).text() }
        let sorts = Dictionary(binders.map { ($0.name, $0.sort.text) }, uniquingKeysWith: { $1 })
        let prefix = order.compactMap { name in sorts[name].map { "\(rename(name)):\($0)" } }
        return prefix.joined(separator: ",") + "|" + parts.joined(separator: "|")
    }
}
