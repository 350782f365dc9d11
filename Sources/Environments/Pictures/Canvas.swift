/// Draws smooth shapes into a picture; x goes right, y goes up, in units of the task.
struct Canvas {
    private(set) var picture: Picture
    private let scale: Double
    private let origin: (x: Double, y: Double)

    /// A color's red, green and blue.
    typealias Color = (UInt8, UInt8, UInt8)

    /// A white picture.
    ///
    /// - Parameters:
    ///   - width: pixels across.
    ///   - height: pixels down.
    ///   - scale: pixels of one unit.
    ///   - origin: pixel from the lower left where both coordinates are 0.
    init(width: Int, height: Int, scale: Double, origin: (x: Double, y: Double)) {
        picture = Picture(width: width, height: height)
        self.scale = scale
        self.origin = origin
    }

    /// Draws a line with round ends.
    mutating func line(
        _ start: (x: Double, y: Double), _ end: (x: Double, y: Double), width: Double, _ color: Color
    ) {
        let a = pixel(start)
        let b = pixel(end)
        let radius = width * scale / 2
        let length = (b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)
        fill(
            from: (min(a.x, b.x) - radius, min(a.y, b.y) - radius),
            to: (max(a.x, b.x) + radius, max(a.y, b.y) + radius),
            color
        ) { x, y in
            let along = length == 0 ? 0 : ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / length
            let t = min(max(along, 0), 1)
            let dx = x - a.x - t * (b.x - a.x)
            let dy = y - a.y - t * (b.y - a.y)
            return (dx * dx + dy * dy).squareRoot() - radius
        }
    }

    /// Draws a disc.
    mutating func disc(_ center: (x: Double, y: Double), radius: Double, _ color: Color) {
        line(center, center, width: 2 * radius, color)
    }

    /// Draws a rectangle with sides along the axes.
    mutating func rectangle(center: (x: Double, y: Double), width: Double, height: Double, _ color: Color) {
        let c = pixel(center)
        let half = (x: width * scale / 2, y: height * scale / 2)
        fill(from: (c.x - half.x, c.y - half.y), to: (c.x + half.x, c.y + half.y), color) { x, y in
            max(abs(x - c.x) - half.x, abs(y - c.y) - half.y)
        }
    }

    private func pixel(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
        (origin.x + point.x * scale, Double(picture.height) - origin.y - point.y * scale)
    }

    /// Paints where the distance to the shape is below 0, and its border in part.
    private mutating func fill(
        from low: (x: Double, y: Double), to high: (x: Double, y: Double), _ color: Color,
        distance: (Double, Double) -> Double
    ) {
        func clamped(_ x: Double, _ limit: Int) -> Int { Int(min(max(x.isFinite ? x : 0, 0), Double(limit))) }
        let columns =
            clamped(
                low.x - 1, picture.width)..<max(
                clamped(low.x - 1, picture.width), clamped(high.x + 2, picture.width))
        let rows =
            clamped(
                low.y - 1, picture.height)..<max(
                clamped(low.y - 1, picture.height), clamped(high.y + 2, picture.height))
        for row in rows {
            for column in columns {
                let share = min(max(0.5 - distance(Double(column) + 0.5, Double(row) + 0.5), 0), 1)
                guard share > 0 else { continue }
                let place = 3 * (row * picture.width + column)
                for (offset, value) in [color.0, color.1, color.2].enumerated() {
                    let old = Double(picture.pixels[place + offset])
                    picture.pixels[place + offset] = UInt8((old + share * (Double(value) - old)).rounded())
                }
            }
        }
    }
}

extension Canvas {
    static var black: Color { (40, 40, 40) }
    static var brown: Color { (202, 152, 101) }
    static var red: Color { (204, 77, 77) }
    static var blue: Color { (129, 132, 203) }
    static var teal: Color { (0, 204, 204) }
    static var yellow: Color { (204, 204, 0) }
    static var grey: Color { (150, 150, 150) }
}
