import Tensors
import Testing

private final class Owner {
    let memory: UnsafeMutableBufferPointer<Double>
    let counter: Counter

    init(_ values: [Double], _ counter: Counter) {
        memory = .allocate(capacity: values.count)
        _ = memory.initialize(from: values)
        self.counter = counter
        counter.living += 1
    }

    deinit {
        memory.deallocate()
        counter.living -= 1
    }
}

private final class Counter {
    var living = 0
}

@Suite struct HostMemoryTests {
    @Test func viewsKeepTheirOwner() throws {
        let counter = Counter()
        var view: Tensor?
        do {
            let owner = Owner([1, 2, 3, 4], counter)
            let start = try #require(owner.memory.baseAddress)
            view = Tensor(viewing: UnsafeMutableRawPointer(start), shape: [2, 2], dtype: .float64, owner: owner)
            owner.memory[0] = 9
        }
        #expect(counter.living == 1)
        let row = try #require(view)[0]
        view = nil
        #expect(counter.living == 1)
        #expect(row.array(of: Double.self) == [9, 2])
        _ = consume row
        #expect(counter.living == 0)
    }

    @Test func bytesAreLentWithoutGaps() {
        let x = Tensor([1, 2, 3, 4] as [Int32], shape: [2, 2]).transposed()
        #expect(x.isContiguous == false)
        #expect(x.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) } == [1, 3, 2, 4])
    }
}
