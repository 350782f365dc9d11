import Optimizers
import Tensors
import Testing

@Suite struct ParallelTaskTests {
    private struct Stop: Error, Equatable {
        let task: Int
    }

    @Test(arguments: [1, 2, 5, 40])
    func resultsAreInOrder(threads: Int) throws {
        #expect(try parallelTasks(20, threads: threads) { $0 * $0 } == (0..<20).map { $0 * $0 })
        #expect(try parallelTasks(0, threads: threads) { $0 }.isEmpty)
    }

    /// The lowest task that throws is heard, whatever the order in which threads come to it.
    @Test(arguments: [1, 3])
    func errorsComeBack(threads: Int) {
        #expect(throws: Stop(task: 4)) {
            try parallelTasks(20, threads: threads) { task in
                if task >= 4 { throw Stop(task: task) }
                return task
            }
        }
        #expect(throws: Stop(task: 0)) {
            try meanGradient(over: [0, 1, 2], threads: threads) { task -> (value: Tensor, gradient: Tensor) in
                throw Stop(task: task)
            }
        }
    }

    /// Meta-gradients of tasks, on threads: the same bits for any number of them, and the mean of the tasks'.
    @Test func sameBitsForAnyNumberOfThreads() throws {
        let start = ["w": TensorGenerator(seed: 1).normal([4, 3])]
        let tasks = Array(0..<9)
        @Sendable func gradient(_ task: Int) -> (value: Tensor, gradient: [String: Tensor]) {
            let target = TensorGenerator(seed: UInt64(task) + 10).normal([4, 3])
            let loop = InnerLoop<[String: Tensor], EmptyTree, SGD>(
                steps: 3, using: SGD(learningRate: 0.1), memory: .iterates
            ) { parameters, _ in
                let error = (parameters["w"] ?? target).tanh() - target
                return (error * error).sum()
            }
            let result = loop.valueAndGradient(from: start) { ($0["w"] ?? target).sum() }
            return (result.value, result.parameters)
        }
        let one = try meanGradient(over: tasks, threads: 1) { gradient($0) }
        for threads in [2, 3, 9] {
            let many = try meanGradient(over: tasks, threads: threads) { gradient($0) }
            #expect(many.value.array(of: Float.self) == one.value.array(of: Float.self))
            #expect(many.gradient["w"]?.array(of: Float.self) == one.gradient["w"]?.array(of: Float.self))
        }
        let parts = tasks.map { gradient($0).gradient["w"] ?? Tensor(0.0) }
        let mean = Tensor.stacked(parts).mean(dimensions: [0])
        // Nine float32 numbers added in another order.
        #expect(one.gradient["w"]?.isClose(to: mean, relative: 1e-5, absolute: 1e-6) == true)
    }

    @Test func badArgumentsTrap() async {
        await #expect(processExitsWith: .failure) { _ = try parallelTasks(-1, threads: 1) { $0 } }
        await #expect(processExitsWith: .failure) { _ = try parallelTasks(1, threads: 0) { $0 } }
        await #expect(processExitsWith: .failure) {
            _ = try meanGradient(over: [Int](), threads: 1) { _ in (value: Tensor(0.0), gradient: Tensor(0.0)) }
        }
    }
}
