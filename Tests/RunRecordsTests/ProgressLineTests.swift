import Synchronization
import Testing

@testable import RunRecords

@Suite struct ProgressLineTests {
    private final class Screen: Sendable {
        let text = Mutex<[String]>([])
    }

    @Test func saysRateAndTimeLeftAndRepaintsSeldom() {
        let screen = Screen()
        let line = ProgressLine(
            "training", total: 100, width: 80, output: { text in screen.text.withLock { $0.append(text) } })
        line.update(0, note: "", at: .zero)
        line.update(1, note: "", at: .milliseconds(50))
        line.update(20, note: "loss 0.5\nnext", at: .seconds(2))
        line.update(100, note: "", at: .milliseconds(2010))
        line.finish()
        let shown = screen.text.withLock { $0 }
        #expect(
            shown == [
                "\rtraining  0/100  0 %\u{1b}[K",
                "\rtraining  20/100  20 %  10.0/s  8 s left  loss 0.5 next\u{1b}[K",
                "\rtraining  100/100  100 %  49.8/s\u{1b}[K",
                "\r\u{1b}[K",
            ])
    }

    @Test func staysWithinTheTerminal() {
        let screen = Screen()
        let line = ProgressLine(
            "x", total: nil, width: 10, output: { text in screen.text.withLock { $0.append(text) } })
        line.update(1_234_567_890_123, note: "", at: .zero)
        #expect(screen.text.withLock { $0 } == ["\rx  123456\u{1b}[K"])
    }

    @Test func durationsAsAPersonSaysThem() {
        #expect(ProgressLine.duration(0.2) == "1 s")
        #expect(ProgressLine.duration(200) == "3 min 20 s")
        #expect(ProgressLine.duration(7500) == "2 h 05 min")
        #expect(ProgressLine.duration(.infinity) == "long")
    }
}
