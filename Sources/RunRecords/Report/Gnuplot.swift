import Foundation
import Subprocess

/// Draws curves with gnuplot.
///
/// Its script holds numbers and constants of ours only, never text from outside.
struct Gnuplot: Sendable {
    /// A plot that takes longer than this is given up; one takes about 0.2 seconds.
    static let limit = Duration.seconds(60)
    /// So many run at a time.
    private static let processes = 2
    /// More SVG than this from one plot is an error.
    private static let mostOutput = 1 << 24

    /// One picture for each set of curves, in order.
    ///
    /// - Throws: `RunRecordsError.program` or the launcher's error when gnuplot is absent or fails.
    func pictures(of plots: [[Curve]]) async throws -> [SVG] {
        try await withThrowingTaskGroup(of: (Int, SVG).self) { group in
            var pictures = plots.map { _ in SVG(trusting: "") }
            for index in plots.indices {
                if index >= Self.processes, let (done, picture) = try await group.next() { pictures[done] = picture }
                group.addTask { (index, try await picture(of: plots[index], name: "plot\(index)")) }
            }
            for try await (done, picture) in group { pictures[done] = picture }
            return pictures
        }
    }

    private func picture(of curves: [Curve], name: String) async throws -> SVG {
        let script = Self.script(curves, name: name)
        let output = try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { try await Self.run(script) }
            group.addTask {
                try await Task.sleep(for: Self.limit)
                throw RunRecordsError.program(name: "gnuplot", reason: "no picture after \(Self.limit).")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ""
        }
        guard let start = output.range(of: "<svg"), let end = output.range(of: "</svg>", options: .backwards) else {
            throw RunRecordsError.program(name: "gnuplot", reason: "it drew no picture.")
        }
        return SVG(trusting: String(output[start.lowerBound..<end.upperBound]))
    }

    private static func run(_ script: String) async throws -> String {
        let result = try await Subprocess.run(
            .name("gnuplot"), arguments: ["-d"], input: .string(script), output: .string(limit: mostOutput),
            error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw RunRecordsError.program(name: "gnuplot", reason: result.standardError)
        }
        return result.standardOutput
    }

    /// The commands for one picture.
    static func script(_ curves: [Curve], name: String) -> String {
        var lines = [
            "set terminal svg size 720,360 dynamic font 'sans-serif,12' name '\(name)' background rgb '#ffffff'",
            "set border 3 lc rgb '#8a94a6'", "set tics nomirror", "set grid lc rgb '#e3e7ed' lt 1",
            "unset key", "set xlabel 'step'", "set format x '%g'", "set offsets graph 0, 0, 0.05, 0.05",
        ]
        var parts: [String] = []
        for (index, curve) in curves.enumerated() where !curve.points.isEmpty {
            lines.append("$curve\(index) << END")
            lines += curve.points.map { "\($0.step) \($0.mean) \($0.lower) \($0.upper)" }
            lines.append("END")
            let color = "rgb '\(CurvePalette.code(index))'"
            if curve.hasBand {
                parts.append(
                    "$curve\(index) using 1:3:4 with filledcurves fc \(color) fs transparent solid 0.18 noborder")
            }
            let style = curve.points.count < 3 ? "points pt 7 ps 0.7" : "lines lw 1.6"
            parts.append("$curve\(index) using 1:2 with \(style) lc \(color)")
        }
        // Without any finite value there is still a frame to see.
        if parts.isEmpty { return (lines + ["set xrange [0:1]", "plot [0:1] [0:1] NaN", ""]).joined(separator: "\n") }
        return (lines + ["plot " + parts.joined(separator: ", "), ""]).joined(separator: "\n")
    }
}
