import Foundation
import Synchronization

/// One line on the terminal that says how far the work is; silent when stderr isn't a terminal.
///
/// `training  1200/5000  24 %  81.3/s  47 s left  loss 0.123`
public final class ProgressLine: Sendable {
    private let label: String
    private let total: Int?
    private let width: Int
    private let output: (@Sendable (String) -> Void)?
    private let state: Mutex<State>

    private struct State: Sendable {
        var firstStep: Int?
        var started = Duration.zero
        var lastShown: Duration?
        var isShown = false
    }

    /// Shortest time between two repaints.
    private static let interval = Duration.milliseconds(100)

    /// A line on stderr, if stderr is a terminal and `isQuiet` is false.
    ///
    /// - Parameters:
    ///   - label: what is going on, a word or two.
    ///   - total: how many steps there will be, if known; at least 0.
    ///   - isQuiet: true shows nothing.
    public convenience init(_ label: String, total: Int? = nil, isQuiet: Bool = false) {
        let isShown = !isQuiet && isatty(STDERR_FILENO) == 1
        let print: @Sendable (String) -> Void = { text in FileHandle.standardError.write(Data(text.utf8)) }
        self.init(label, total: total, width: Self.terminalWidth(), output: isShown ? print : nil)
    }

    init(_ label: String, total: Int?, width: Int, output: (@Sendable (String) -> Void)?) {
        self.label = label
        self.total = total
        self.width = width
        self.output = output
        state = Mutex(State())
    }

    /// Shows a step, at most ten times a second.
    ///
    /// - Parameters:
    ///   - step: steps done so far; rates count from the first one shown.
    ///   - note: what else to say, for example `loss 0.123`.
    public func update(_ step: Int, note: @autoclosure () -> String = "") {
        guard output != nil else { return }
        update(step, note: note(), at: ContinuousClock.now - Self.origin)
    }

    private static let origin = ContinuousClock.now

    func update(_ step: Int, note: String, at time: Duration) {
        state.withLock { state in
            if state.firstStep == nil {
                state.firstStep = step
                state.started = time
            }
            if let last = state.lastShown, time - last < Self.interval, step != total { return }
            state.lastShown = time
            state.isShown = true
            let done = step - (state.firstStep ?? step)
            let text = line(step: step, done: done, seconds: (time - state.started) / .seconds(1), note: note)
            output?("\r" + text.prefix(max(1, width - 1)) + "\u{1b}[K")
        }
    }

    /// Wipes the line, so that the result stands alone.
    public func finish() {
        state.withLock { state in
            if state.isShown { output?("\r\u{1b}[K") }
            state.isShown = false
        }
    }

    private func line(step: Int, done: Int, seconds: Double, note: String) -> String {
        var parts = [label, total.map { "\(step)/\($0)" } ?? "\(step)"]
        if let total, total > 0 { parts.append("\(step * 100 / total) %") }
        if done > 0, seconds > 0 {
            let rate = Double(done) / seconds
            parts.append(Self.short(rate) + "/s")
            if let total, step < total { parts.append(Self.duration(Double(total - step) / rate) + " left") }
        }
        if !note.isEmpty { parts.append(String(note.map { $0.isNewline ? " " : $0 })) }
        return parts.joined(separator: "  ")
    }

    /// Three significant digits or so.
    static func short(_ value: Double) -> String {
        String(format: value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value)
    }

    /// Seconds as a person says them: `47 s`, `3 min 20 s`, `2 h 05 min`.
    static func duration(_ seconds: Double) -> String {
        guard seconds < 1e9, seconds > -1 else { return "long" }
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(String(format: "%02d", whole % 60)) s" }
        return "\(whole / 3600) h \(String(format: "%02d", whole % 3600 / 60)) min"
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
