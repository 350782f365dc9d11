import Environments
import Randomness
import Testing

@testable import EnvironmentsArcade

/// Small pictures against a plain form of the same sums; `AtariParityTests` compares them with OpenCV's.
@Suite struct ScreenReducerTests {
    /// Screens made of rows that are often like the row above.
    private func screen(_ generator: inout MersenneTwister, colors: UInt8) -> [UInt8] {
        var screen: [UInt8] = []
        var row: [UInt8] = []
        for _ in 0..<ScreenReducer.sourceHeight {
            if row.isEmpty || generator.nextHalf() % 3 == 0 {
                row = (0..<ScreenReducer.sourceWidth).map { _ in UInt8(generator.nextHalf() % UInt32(colors)) }
            }
            screen += row
        }
        return screen
    }

    /// Sums along rows, then down, all in float32 from left to right and from top to bottom.
    private func plain(_ pixels: [Float], height: Int, width: Int) -> [UInt8] {
        let rows = AreaTaps(from: ScreenReducer.sourceHeight, to: height).taps
        let columns = AreaTaps(from: ScreenReducer.sourceWidth, to: width).taps
        var picture: [UInt8] = []
        for row in rows {
            for column in columns {
                var sum: Float = 0
                for (place, down) in row.enumerated() {
                    var line: Float = 0
                    for across in column {
                        line += pixels[down.source * ScreenReducer.sourceWidth + across.source] * across.weight
                    }
                    sum = place == 0 ? line * down.weight : sum + line * down.weight
                }
                picture.append(UInt8(sum.rounded(.toNearestOrEven)))
            }
        }
        return picture
    }

    @Test(arguments: [(84, 84), (84, 160), (64, 64), (100, 75), (1, 4), (209, 84), (2, 3)])
    func isThePlainSum(height: Int, width: Int) {
        var generator = MersenneTwister(seed: UInt32(1000 * height + width))
        let levels = (0..<256).map { _ in Float(generator.nextHalf() % 256) }
        let reducer = ScreenReducer(height: height, width: width)
        let scratch = StateArray<UInt8>(reducer.scratchSize)
        for colors: UInt8 in [2, 255] {
            let first = screen(&generator, colors: colors)
            var second = first
            for index in second.indices where generator.nextHalf() % 40 == 0 { second[index] = UInt8(colors - 1) }
            var picture = [UInt8](repeating: 0, count: height * width)
            reducer.reduce(first, second, levels: levels, into: &picture, scratch: scratch.pointer)
            let brighter = first.indices.map { max(levels[Int(first[$0])], levels[Int(second[$0])]) }
            #expect(picture == plain(brighter, height: height, width: width), "\(colors) colours")
            reducer.reduce(first, nil, levels: levels, into: &picture, scratch: scratch.pointer)
            #expect(picture == plain(first.map { levels[Int($0)] }, height: height, width: width), "one frame")
        }
    }

    @Test func weightsAddUp() {
        for target in 1...160 {
            for taps in AreaTaps(from: 160, to: target).taps {
                let sum = taps.reduce(0) { $0 + Double($1.weight) }
                // Some taps of float32, each off by half a unit in the last place at most.
                #expect(abs(sum - 1) < 1e-5, "\(target): \(taps)")
            }
        }
        #expect(AreaTaps(from: 4, to: 2).taps.map { $0.map(\.weight) } == [[0.5, 0.5], [0.5, 0.5]])
        #expect(AreaTaps(from: 210, to: 84).taps[1].map(\.source) == [2, 3, 4])
        #expect(AreaTaps(from: 210, to: 84).taps[1].map(\.weight) == [0.2, 0.4, 0.4])
    }

    @Test func wholeBlocksAreAveraged() {
        let screen = [UInt8](repeating: 7, count: ScreenReducer.sourceHeight * ScreenReducer.sourceWidth)
        let levels = (0..<256).map { Float($0) }
        for (height, width) in [(105, 80), (42, 32), (210, 160), (70, 160)] {
            var picture = [UInt8](repeating: 0, count: height * width)
            let reducer = ScreenReducer(height: height, width: width)
            let scratch = StateArray<UInt8>(reducer.scratchSize)
            reducer.reduce(screen, nil, levels: levels, into: &picture, scratch: scratch.pointer)
            #expect(picture.allSatisfy { $0 == 7 })
        }
    }
}
