/// Draws random members of a space, the same ones for the same seed.
///
/// Bounded entries are uniform between their bounds, unbounded ones uniform between −1 and 1.
public struct ActionSampler: Sendable {
    private let space: Space
    private var stream: CounterStream

    /// A sampler.
    ///
    /// - Parameters:
    ///   - space: what to draw from.
    ///   - seed: its random numbers.
    public init(_ space: Space, seed: UInt64) {
        self.space = space
        stream = CounterStream(seed: seed)
    }

    /// Draws as many members as fit.
    ///
    /// - Parameter memory: room for whole members of the space, aligned for its numbers.
    /// - Precondition: the size is a multiple of a member's; violations trap.
    public mutating func fill(_ memory: UnsafeMutableRawBufferPointer) {
        let size = space.element.size
        precondition(
            memory.count % (size * space.count) == 0,
            "ActionSampler: \(memory.count) bytes aren't whole members of \(size * space.count) bytes")
        switch space.element {
        case .uint8: draw(memory.bindMemory(to: UInt8.self))
        case .int32: draw(memory.bindMemory(to: Int32.self))
        case .int64: draw(memory.bindMemory(to: Int64.self))
        case .float32: drawReal(memory.bindMemory(to: Float.self))
        case .float64: drawReal(memory.bindMemory(to: Double.self))
        }
    }

    private mutating func draw<Number: FixedWidthInteger>(_ numbers: UnsafeMutableBufferPointer<Number>) {
        for index in numbers.indices {
            let bounds = space.bounds(at: index % space.count)
            let width = UInt64(bounds.upperBound - bounds.lowerBound) + 1
            let offset = stream.next().multipliedFullWidth(by: width).high
            numbers[index] = Number(bounds.lowerBound) + Number(offset)
        }
    }

    private mutating func drawReal<Number: BinaryFloatingPoint>(_ numbers: UnsafeMutableBufferPointer<Number>) {
        for index in numbers.indices {
            let bounds = space.bounds(at: index % space.count)
            let low = bounds.lowerBound.isFinite ? bounds.lowerBound : -1
            let high = bounds.upperBound.isFinite ? bounds.upperBound : 1
            numbers[index] = Number(low + stream.unit() * (high - low))
        }
    }
}
