import Foundation
import Randomness
import Tensors

/// Small grey pictures of two kinds, drawn by the project itself: a ring (0), and a ring with a tail (1), which is how a
/// 0 and a 9 differ.
///
/// Place, size, roundness, thickness, the tail's angle and length vary, and noise is added to every pixel, so that the
/// kinds can be told apart but not by one pixel.
struct DrawnShapes {
    /// Pixels a side.
    static let side = 16

    /// Draws pictures.
    ///
    /// - Parameters:
    ///   - labels: the kind of each picture, 0 or 1.
    ///   - noise: standard deviation of the noise added to pixels between 0 and 1.
    ///   - generator: where random numbers come from.
    /// - Returns: `[count, 1, 16, 16]`.
    static func pictures(of labels: [Int], noise: Double, using generator: inout SplittableGenerator) -> Tensor {
        var pixels: [Float] = []
        pixels.reserveCapacity(labels.count * side * side)
        for label in labels {
            let center = (x: generator.uniform(in: 6.0..<9.0), y: generator.uniform(in: 5.0..<7.5))
            let radius = (x: generator.uniform(in: 2.5..<4.2), y: generator.uniform(in: 2.5..<4.2))
            let thickness = generator.uniform(in: 0.6..<1.1)
            let tilt = generator.uniform(in: -0.35..<0.35)
            let tail = generator.uniform(in: 3.0..<6.5)
            let grain = generator.normals(side * side, standardDeviation: noise)
            for row in 0..<side {
                for column in 0..<side {
                    let (x, y) = (Double(column) - center.x, Double(row) - center.y)
                    let scaled = ((x / radius.x) * (x / radius.x) + (y / radius.y) * (y / radius.y)).squareRoot()
                    var distance = abs(scaled - 1) * min(radius.x, radius.y)
                    if label == 1, y > 0 {
                        let along = min(y, radius.y * 0.3 + tail)
                        let offset = x - radius.x * 0.9 - tilt * along
                        distance = min(distance, (offset * offset + (y - along) * (y - along)).squareRoot())
                    }
                    let ink = max(0, min(1, thickness + 0.5 - distance))
                    pixels.append(Float(ink + grain[row * side + column]))
                }
            }
        }
        return Tensor(pixels, shape: [labels.count, 1, side, side])
    }
}
