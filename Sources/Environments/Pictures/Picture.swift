/// A picture in colour.
public struct Picture: Sendable, Hashable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// Red, green and blue of each pixel, row by row from the top left; `height × width × 3` numbers.
    public var pixels: [UInt8]

    /// A picture of one colour.
    ///
    /// - Parameters:
    ///   - width: pixels across, at least 1.
    ///   - height: pixels down, at least 1.
    ///   - color: red, green and blue.
    public init(width: Int, height: Int, color: (UInt8, UInt8, UInt8) = (255, 255, 255)) {
        precondition(width >= 1 && height >= 1, "Picture: \(width)x\(height) pixels; both must be at least 1")
        self.width = width
        self.height = height
        pixels = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<(width * height) { pixels += [color.0, color.1, color.2] }
    }
}
