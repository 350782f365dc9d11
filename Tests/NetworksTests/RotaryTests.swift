import Networks
import Tensors
import Testing

@Suite struct RotaryTests {
    @Test func equalsTheReference() throws {
        let golden = try LayerGoldens.load().rotary
        let positions = Tensor([0, 1, 2, 7, 8, 9], shape: [2, 3])
        let angles = RotaryEmbedding(headDimension: 6).angles(positions: positions, dtype: .float64)
        check(golden, at: wave([2, 2, 3, 6], 1), names: ["": "input"]) { angles.rotating($0) }
    }

    /// Inner products depend on the difference of positions alone.
    @Test(arguments: [0, 1, 5, 100])
    func innerProductsAreRelative(shift: Int) {
        let rotary = RotaryEmbedding(headDimension: 8)
        let (query, key) = (wave([1, 1, 4, 8], 1), wave([1, 1, 4, 8], 2))
        func products(_ start: Int) -> Tensor {
            let angles = rotary.angles(start: start, count: 4, dtype: .float64)
            return angles.rotating(query).matmul(angles.rotating(key).transposed())
        }
        // Rounding of angles up to 100 radians: 100 · 1e-16 a factor.
        #expect(products(shift).isClose(to: products(0), relative: 1e-12, absolute: 1e-12))
    }

    @Test func lengthsStay() {
        let angles = RotaryEmbedding(headDimension: 8).angles(start: 3, count: 4, dtype: .float64)
        let x = wave([2, 3, 4, 8], 1)
        let (before, after) = (x.norm(dimensions: [-1]), angles.rotating(x).norm(dimensions: [-1]))
        #expect(after.isClose(to: before, relative: goldenTolerance))
    }

    @Test func positionZeroChangesNothing() {
        let angles = RotaryEmbedding(headDimension: 4).angles(count: 1, dtype: .float64)
        let x = wave([1, 2, 1, 4], 1)
        #expect(angles.rotating(x).array(of: Double.self) == x.array(of: Double.self))
    }
}
