/// What draws the curves of a report.
public enum CurvePlotter: Sendable {
    /// gnuplot where it is installed, otherwise the plain drawing.
    case automatic
    /// The plain drawing, made here.
    case plain

    /// One picture for each set of curves.
    func pictures(of plots: [[Curve]]) async -> [SVG] {
        var pictures = plots.map { _ in SVG(trusting: "") }
        if case .automatic = self, let drawn = try? await Gnuplot().pictures(of: plots) { return drawn }
        for (index, curves) in plots.enumerated() { pictures[index] = PlainPlot(curves: curves).picture() }
        return pictures
    }
}

/// Colours that people with colour-blindness can tell apart.
///
/// Source: Okabe and Ito 2008, "Color Universal Design"; yellow left out because it can't be seen on white.
enum CurvePalette {
    static let colors: [(name: String, code: String)] = [
        ("blue", "#0072b2"), ("vermilion", "#d55e00"), ("green", "#009e73"), ("purple", "#cc79a7"),
        ("orange", "#e69f00"), ("sky blue", "#56b4e9"), ("black", "#000000"),
    ]

    static func code(_ index: Int) -> String { colors[index % colors.count].code }

    static func name(_ index: Int) -> String {
        let round = index / colors.count
        return colors[index % colors.count].name + (round > 0 ? " (\(round + 1))" : "")
    }
}
