import Environments

/// A corridor with a door at its right end: 0 goes left, 1 goes right, each step costs 0.1, the door is worth 1.
final class Corridor: EnvironmentKernel {
    struct Options: Sendable, Codable, Hashable {
        var length = 8
    }

    static func specification(_ options: Options) -> EnvironmentSpecification {
        EnvironmentSpecification(
            id: "Corridor-v0", observation: .box(low: [0], high: [1], shape: [1], element: .float32),
            action: .discrete(2), maximumEpisodeSteps: 50)
    }

    // The state: one array for each quantity, one number for each environment.
    private let places: StateArray<Int32>
    private let length: Int32

    init(count: Int, options: Options) throws(EnvironmentError) {
        guard options.length >= 2 else {
            throw .badOption(name: "length", reason: "it is \(options.length), must be at least 2")
        }
        places = StateArray(count)
        length = Int32(options.length)
    }

    var stepNanoseconds: Double { 5 }

    func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>) {
        places[index] = Int32(generator.integer(below: Int(length) - 1))
        row.observation[0] = Float(places[index]) / Float(length)
    }

    func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<Float>
    ) -> StepOutcome {
        places[index] = max(0, places[index] + (action[0] == 1 ? 1 : -1))
        row.observation[0] = Float(places[index]) / Float(length)
        let isAtDoor = places[index] == length - 1
        return StepOutcome(isAtDoor ? 1 : -0.1, isTerminated: isAtDoor)
    }

    func snapshot(_ index: Int) -> [UInt8] { withUnsafeBytes(of: places[index]) { Array($0) } }

    func restore(_ index: Int, from bytes: [UInt8]) throws(EnvironmentError) {
        guard bytes.count == 4 else { throw .badSnapshot(reason: "it has \(bytes.count) bytes, not 4") }
        let place = bytes.withUnsafeBytes { $0.loadUnaligned(as: Int32.self) }
        guard (0..<length).contains(place) else { throw .badSnapshot(reason: "the place \(place) is outside") }
        places[index] = place
    }
}
