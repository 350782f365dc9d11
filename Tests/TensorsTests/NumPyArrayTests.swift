import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct NumPyArrayTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ header: String, version: UInt8 = 1, data: [UInt8]) throws -> String {
        let text = Array(header.utf8)
        let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return try folder.write([0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + data, to: "made.npy")
    }

    @Test(arguments: [UInt8(1), 2, 3])
    func readsFilesMadeByHand(_ version: UInt8) throws {
        let path = try file(
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }\n", version: version,
            data: [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 255, 255])
        let array = try NumPyArray.read(path)
        #expect(array.shape == [2, 3])
        #expect(array.dtype == .int16)
        #expect(array.array(of: Int.self) == [1, 2, 3, 4, 5, -1])
    }

    @Test func readsFortranOrder() throws {
        let path = try file("{\"shape\": (2, 3), 'fortran_order': True, 'descr': '|u1'}", data: [1, 4, 2, 5, 3, 6])
        let array = try NumPyArray.read(path)
        #expect(array.shape == [2, 3])
        #expect(array.array(of: Int.self) == [1, 2, 3, 4, 5, 6])
    }

    @Test(arguments: DType.allCases.filter { $0 != .bfloat16 })
    func writesAndReads(_ dtype: DType) throws {
        for shape in [[], [1], [6], [2, 3], [0, 4]] {
            let count = shape.reduce(1, *)
            let tensor = (Tensor.arange(count) - 1).clamped(low: 0).to(dtype).reshaped(shape)
            let path = folder.file("x.npy")
            try NumPyArray.write(tensor, to: path)
            let back = try NumPyArray.read(path)
            #expect(back.shape == shape && back.dtype == dtype)
            #expect(back.array(of: Double.self) == tensor.array(of: Double.self))
            let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
            #expect((size - count * dtype.byteCount) % 64 == 0)
        }
    }

    static let damaged: [(header: String, reason: String)] = [
        ("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "the type '>f4'"),
        ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "records"),
        ("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", "True or False"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "does not take 4 bytes"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "at least 0"),
        ("{'descr': '<f4', 'fortran_order': False, }", "missing"),
        ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "too often"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x", "something follows"),
    ]

    @Test(arguments: damaged.indices)
    func refusesDamage(_ index: Int) throws {
        let path = try file(Self.damaged[index].header, data: [0, 0, 0, 0])
        #expect {
            try NumPyArray.read(path)
        } throws: { error in
            error is TensorFileError && "\(error)".contains(Self.damaged[index].reason)
        }
    }

    @Test func survivesMutation() throws {
        let path = folder.file("base")
        try NumPyArray.write(Tensor([true, false, true, true, false, true]).reshaped([2, 3]), to: path)
        let bools = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        try NumPyArray.write(Tensor.arange(60).reshaped([2, 30]), to: path)
        let integers = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var generator = TestGenerator(seed: 2)
        var accepted = 0
        for round in 0..<1000 {
            let damaged = try folder.write(mutated(round % 2 == 0 ? bools : integers, using: &generator), to: "damaged")
            do throws(TensorFileError) {
                _ = try NumPyArray.read(damaged).array(of: Double.self)
                accepted += 1
            } catch {
                #expect(!"\(error)".isEmpty)
            }
        }
        #expect(accepted > 20 && accepted < 980)
    }
}
