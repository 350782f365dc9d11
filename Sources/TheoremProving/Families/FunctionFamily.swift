/// Functions given by an equation for all arguments, sequences, and their values.
struct FunctionFamily {
    let sort: NumberSort

    /// A true statement.
    func sequent(level: Int, using generator: inout some RandomNumberGenerator) -> Sequent? {
        switch generator.integer(0...3) {
        case 0 where level >= 2: return composition(level, &generator)
        case 1 where level >= 2: return unknown(level, &generator)
        case 2 where level >= 2: return sequence(level, &generator)
        default: return value(level, &generator)
        }
    }

    private func function(_ name: String) -> Binder {
        Binder(name: name, sort: .function([.number(sort)], .number(sort)))
    }

    private func definition(_ name: String, _ form: (slope: Int, constant: Int), _ variable: String) -> Proposition {
        let body = LinearForm([form.slope], form.constant).term([variable])
        return .universal(
            [Binder(name: variable, sort: .number(sort))],
            .relation(.equal, .call(name, [.variable(variable)]), body, sort))
    }

    private func slope(_ generator: inout some RandomNumberGenerator) -> (slope: Int, constant: Int) {
        (generator.integer(1...5), sort == .natural ? generator.integer(0...9) : generator.integer(-9...9))
    }

    /// `(forall x, f x = a x + b) -> f c = v`.
    private func value(_ level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let name = generator.element(["f", "g", "h"])
        let form = slope(&generator)
        let point = generator.integer(0...9)
        var goal = Proposition.relation(
            .equal, .call(name, [.numeral(point)]), .numeral(form.slope * point + form.constant), sort)
        if level >= 3 {
            let other = generator.integer(0...9)
            let sum = form.slope * (point + other) + 2 * form.constant
            goal = .relation(
                .equal, Term.call(name, [.numeral(point)]) + .call(name, [.numeral(other)]), .numeral(sum), sort)
        }
        return Sequent(
            binders: [function(name)], hypotheses: [definition(name, form, generator.element(["x", "y", "t"]))],
            conclusion: goal)
    }

    /// Two functions applied one after the other.
    private func composition(_ level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let (f, g) = (slope(&generator), slope(&generator))
        let point = generator.integer(0...6)
        let inner = g.slope * point + g.constant
        let value = f.slope * inner + f.constant
        let term = Term.call("f", [.call("g", [.numeral(point)])])
        if sort == .natural || level <= 3 || generator.chance(0.5) {
            return Sequent(
                binders: [function("f"), function("g")],
                hypotheses: [definition("f", f, "x"), definition("g", g, "x")],
                conclusion: .relation(.equal, term, .numeral(value), sort))
        }
        let x = Binder(name: "x", sort: .number(sort))
        let body = LinearForm([f.slope * g.slope], f.slope * g.constant + f.constant).term(["x"])
        return Sequent(
            binders: [function("f"), function("g")],
            hypotheses: [definition("f", f, "x"), definition("g", g, "x")],
            conclusion: .universal([x], .relation(.equal, .call("f", [.call("g", [.variable("x")])]), body, sort)))
    }

    /// `(forall x, f x = a x + b) -> f t = v -> t = c`.
    private func unknown(_ level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let form = slope(&generator)
        let point = generator.integer(0...9)
        let value = Proposition.relation(
            .equal, .call("f", [.variable("a")]), .numeral(form.slope * point + form.constant), sort)
        return Sequent(
            binders: [function("f"), Binder(name: "a", sort: .number(sort))],
            hypotheses: [definition("f", form, "x"), value],
            conclusion: .relation(.equal, .variable("a"), .numeral(point), sort))
    }

    /// A recurrence over nat and one of its first values.
    private func sequence(_ level: Int, _ generator: inout some RandomNumberGenerator) -> Sequent {
        let start = generator.integer(0...5)
        let step = slope(&generator)
        let count = min(level, 4) - 1
        var value = start
        for _ in 0..<count { value = step.slope * value + step.constant }
        let name = generator.element(["u", "s", "a"])
        let binder = Binder(name: name, sort: .function([.number(.natural)], .number(sort)))
        let next = Term.call(name, [.call("S", [.variable("n")])])
        let body =
            step.slope == 1 ? Term.call(name, [.variable("n")]) : .numeral(step.slope) * .call(name, [.variable("n")])
        let whole =
            step.constant == 0
            ? body : step.constant > 0 ? body + .numeral(step.constant) : body - .numeral(-step.constant)
        func at(_ index: Int) -> Term { .call(name, [.index(index)]) }
        let first = Proposition.relation(.equal, at(0), .numeral(start), sort)
        let law = Proposition.universal(
            [Binder(name: "n", sort: .number(.natural))], .relation(.equal, next, whole, sort))
        return Sequent(
            binders: [binder], hypotheses: [first, law],
            conclusion: .relation(.equal, at(count), .numeral(value), sort))
    }
}
