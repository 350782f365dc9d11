import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct SafeTensorsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A file with any header and data.
    private func file(_ header: String, data: [UInt8] = [], name: String = "made.safetensors") throws -> String {
        let text = Array(header.utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return try folder.write(length + text + data, to: name)
    }

    @Test func readsAFileMadeByHand() throws {
        let header =
            #"{"__metadata__":{"by":"h\u00e4nd"},"b":{"dtype":"I64","shape":[],"data_offsets":[8,16]},"#
            + #""a":{"data_offsets":[0,8],"dtype":"F32","shape":[2,1]},"e":{"dtype":"F64","shape":[0,3],"data_offsets":[8,8]}}  "#
        let path = try file(header, data: [0, 0, 128, 63, 0, 0, 0, 192, 5, 0, 0, 0, 0, 0, 0, 0])
        let opened = try SafeTensors(contentsOf: path)
        #expect(opened.metadata == ["by": "händ"])
        #expect(opened.entries.map { $0.name } == ["a", "e", "b"])
        #expect(try opened.tensor("a").array(of: Float.self) == [1, -2])
        #expect(try opened.tensor("a").shape == [2, 1])
        #expect(try opened.tensor("b").integerItem() == 5)
        #expect(try opened.tensor("e").shape == [0, 3])
        #expect(throws: TensorFileError.self) { try opened.tensor("c") }
    }

    @Test(arguments: DType.allCases)
    func writesAndReads(_ dtype: DType) throws {
        let path = folder.file("\(dtype).safetensors")
        let tensor = Tensor([0, 1, 2, 3, 1, 0, 7] as [Double]).to(dtype)
        let odd = Tensor([1, 0, 1] as [UInt8])
        try SafeTensors.write([("odd \"\n", odd), ("x", tensor)], metadata: ["step": "1\t2"], to: path)
        let opened = try SafeTensors(contentsOf: path)
        let back = try opened.tensor("x")
        #expect(back.dtype == dtype)
        #expect(back.array(of: Double.self) == tensor.array(of: Double.self))
        #expect(try opened.tensor("odd \"\n").array(of: UInt8.self) == [1, 0, 1])
        #expect(opened.metadata == ["step": "1\t2"])
        // Nothing but the file itself is left behind.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["\(dtype).safetensors"])
    }

    @Test func tensorsOutliveTheirFile() throws {
        let path = folder.file("x.safetensors")
        try SafeTensors.write([("x", Tensor.arange(10_000))], to: path)
        let tensor = try SafeTensors(contentsOf: path).tensor("x")
        try SafeTensors.write([("x", Tensor.zeros([1]))], to: path)
        #expect(tensor[9_999].integerItem() == 9_999)
        #expect((tensor + 1).sum().integerItem() == 50_005_000)
    }

    @Test func readsTensorsThatAreNotAligned() throws {
        let header =
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#
        let opened = try SafeTensors(contentsOf: try file(header, data: [7, 0, 0, 128, 63]))
        #expect(try opened.tensor("b").item() == 1)
    }

    @Test func loadsTrees() throws {
        let path = folder.file("tree.safetensors")
        let tree = ["b": [Tensor([1, 2] as [Float])], "a": [Tensor([3, 4] as [Float]), Tensor([5] as [Float])]]
        try SafeTensors.write(tree, to: path)
        let opened = try SafeTensors(contentsOf: path)
        let blank = tree.mapTensors { Tensor.zeros(like: $0).to(.float64) }
        let loaded = try opened.load(blank)
        #expect(loaded.tensors.map { $0.array(of: Double.self) } == [[3, 4], [5], [1, 2]])
        #expect(loaded.tensors[0].dtype == .float64)
        #expect {
            try opened.load(["a": Tensor.zeros([3])])
        } throws: { error in
            "\(error)".contains("tensor \"a\" is not in it")
        }
        #expect {
            try opened.load(tree.mapTensors { _ in Tensor.zeros([2]) })
        } throws: { error in
            "\(error)".contains("tensor \"a.1\" has the shape [1], not [2]")
        }
    }

    static let damaged: [(header: String, data: Int, reason: String)] = [
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, "take 8 bytes, but 7 are there"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9, "take 8 bytes, but 9 are there"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "does not take 8 bytes"),
        (#"{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}"#, 8, "the type \"F31\""),
        (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "at least 0"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "no range"),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}"#,
            8, "comes twice"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
            3, "overlaps"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}}"#,
            5, "leaves a gap"
        ),
        (#"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, "does not take 0 bytes"),
        (#"{"a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, "does not take 0 bytes"),
        (#"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,0]}}"#, 0, "too large"),
        (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1, "lacks"),
        (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#, 1, "\"}\" was expected"),
        (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} x"#, 1, "something follows"),
        (#" {}"#, 0, "does not start with {"),
        (#"{"\ud800":1}"#, 0, "surrogate"),
    ]

    @Test(arguments: damaged.indices)
    func refusesDamage(_ index: Int) throws {
        let item = Self.damaged[index]
        let path = try file(item.header, data: [UInt8](repeating: 0, count: item.data))
        #expect {
            try SafeTensors(contentsOf: path)
        } throws: { error in
            error is TensorFileError && "\(error)".contains(item.reason) && "\(error)".contains(path)
        }
    }

    @Test func refusesAbsurdLengths() throws {
        for bytes in [
            [], [1, 2, 3], [255, 255, 255, 255, 255, 255, 255, 255, 123], [100, 0, 0, 0, 0, 0, 0, 0, 123, 125],
        ] as [[UInt8]] {
            let path = try folder.write(bytes, to: "short")
            #expect(throws: TensorFileError.self) { try SafeTensors(contentsOf: path) }
        }
        #expect {
            try SafeTensors(contentsOf: folder.file("absent"))
        } throws: { error in
            if case TensorFileError.unreadable = error { true } else { false }
        }
        #expect {
            try SafeTensors.write([("x", Tensor(1))], to: folder.file("no/such/folder"))
        } throws: { error in
            if case TensorFileError.unwritable = error { true } else { false }
        }
    }

    @Test func survivesMutation() throws {
        let path = folder.file("base")
        try SafeTensors.write(
            [
                ("w.0", Tensor.linspace(0, 1, count: 128).reshaped([2, 64])), ("mask", Tensor([true, false])),
                ("n", Tensor(7)),
            ],
            metadata: ["k": "v"], to: path)
        let base = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        var generator = TestGenerator(seed: 1)
        var accepted = 0
        for _ in 0..<1000 {
            let damaged = try folder.write(mutated(base, using: &generator), to: "damaged")
            do throws(TensorFileError) {
                let opened = try SafeTensors(contentsOf: damaged)
                for entry in opened.entries { _ = try opened.tensor(entry.name).array(of: Double.self) }
                accepted += 1
            } catch {
                #expect(!"\(error)".isEmpty)
            }
        }
        // Damage to numbers and names alone leaves a sound file, so both outcomes must occur.
        #expect(accepted > 20 && accepted < 980)
    }
}
