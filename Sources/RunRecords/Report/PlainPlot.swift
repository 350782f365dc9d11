import Foundation

/// Draws curves without any other program: axes, grid, bands and lines.
struct PlainPlot {
    let curves: [Curve]

    private let width = 720.0
    private let height = 360.0
    private let left = 64.0
    private let right = 12.0
    private let top = 12.0
    private let bottom = 40.0

    func picture() -> SVG {
        let points = curves.flatMap(\.points)
        let x = Axis(from: points.map(\.step))
        let y = Axis(from: points.flatMap { [$0.lower, $0.upper] })
        var parts = frame(x, y)
        for (index, curve) in curves.enumerated() where !curve.points.isEmpty {
            let color = CurvePalette.code(index)
            let place = { (step: Double, value: Double) in self.place(step, value, x, y) }
            if curve.hasBand {
                let there = curve.points.map { place($0.step, $0.lower) }
                let back = curve.points.reversed().map { place($0.step, $0.upper) }
                parts.append(
                    "<polygon points=\"\((there + back).joined(separator: " "))\" fill=\"\(color)\" opacity=\"0.18\"/>")
            }
            let line = curve.points.map { place($0.step, $0.mean) }.joined(separator: " ")
            parts.append(
                "<polyline points=\"\(line)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.6\""
                    + " stroke-linecap=\"round\"/>")
        }
        return SVG(
            trusting: "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\""
                + " width=\"\(Int(width))\" font-family=\"sans-serif\" font-size=\"12\">"
                + parts.joined(separator: "\n") + "</svg>")
    }

    private func place(_ step: Double, _ value: Double, _ x: Axis, _ y: Axis) -> String {
        let across = left + x.fraction(step) * (width - left - right)
        let down = height - bottom - y.fraction(value) * (height - top - bottom)
        return String(format: "%.1f,%.1f", across, down)
    }

    private func frame(_ x: Axis, _ y: Axis) -> [String] {
        var parts = ["<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"]
        for tick in y.ticks {
            let down = height - bottom - y.fraction(tick) * (height - top - bottom)
            let at = String(format: "%.1f", down)
            parts.append("<line x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(at)\" y2=\"\(at)\" stroke=\"#e3e7ed\"/>")
            parts.append("<text x=\"\(left - 6)\" y=\"\(at)\" text-anchor=\"end\" dy=\"4\">\(Axis.text(tick))</text>")
        }
        for tick in x.ticks {
            let at = String(format: "%.1f", left + x.fraction(tick) * (width - left - right))
            parts.append(
                "<line x1=\"\(at)\" x2=\"\(at)\" y1=\"\(top)\" y2=\"\(height - bottom)\" stroke=\"#e3e7ed\"/>")
            parts.append(
                "<text x=\"\(at)\" y=\"\(height - bottom + 16)\" text-anchor=\"middle\">\(Axis.text(tick))</text>")
        }
        parts.append("<text x=\"\(width / 2)\" y=\"\(height - 6)\" text-anchor=\"middle\">step</text>")
        return parts
    }
}

/// A linear axis with round ticks.
struct Axis {
    let low: Double
    let high: Double
    let ticks: [Double]

    /// Covers all values; a single value, and none at all, get some room.
    init(from values: [Double]) {
        let low = values.min() ?? 0
        let high = values.max() ?? 1
        // Values closer than this count as one: their ticks couldn't be told apart, and steps would vanish.
        let isWide = high / 2 - low / 2 > 1e-300
        let room = isWide ? (high / 2 - low / 2) * 0.1 : max(abs(high) * 0.1, 0.5)
        self.low = max(low - room, -.greatestFiniteMagnitude)
        self.high = min(high + room, .greatestFiniteMagnitude)
        let rough = (self.high / 5 - self.low / 5)
        let power = pow(10, floor(log10(rough)))
        let step = power * ([1, 2, 5].first { $0 * power >= rough } ?? 10)
        let first = (self.low / step).rounded(.up)
        let count = min(12, Int(((self.high / step) - first).rounded(.down)))
        ticks = count >= 0 ? (0...count).map { (first + Double($0)) * step } : []
    }

    /// Where a value lies, 0 at the low end and 1 at the high end.
    func fraction(_ value: Double) -> Double {
        let extent = high / 2 - low / 2
        return (value / 2 - low / 2) / extent
    }

    static func text(_ value: Double) -> String {
        String(format: "%.6g", value == 0 ? 0 : value)
    }
}
