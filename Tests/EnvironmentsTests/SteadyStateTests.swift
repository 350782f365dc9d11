import AllocationCounter
import Environments
import Testing

/// What a pool must not do while it works.
@Suite struct SteadyStateTests {
    static let tasks = EnvironmentCatalogue.builtIn.tasks.map(\.id)
    static let counts = ludus_allocations_of_this_thread() >= 0

    @Test(.enabled(if: counts, "allocations can't be counted here"), arguments: tasks)
    func stepsAllocateNothing(id: String) throws {
        let pool = try EnvironmentCatalogue.builtIn.task(id).pool(count: 64)
        let space = pool.specification.action
        var sampler = ActionSampler(space, seed: 3)
        // One block for all steps, without closures in the loop: those allocate in builds without optimisation.
        let size = pool.count * space.count * space.element.size
        let actions = UnsafeMutableRawBufferPointer.allocate(byteCount: 400 * size, alignment: 64)
        defer { actions.deallocate() }
        sampler.fill(actions)
        _ = try pool.reset()
        var before: (Int64, Int64) = (0, 0)
        for step in 0..<400 {
            if step == 50 { before = (ludus_allocations_of_this_thread(), ludus_page_faults_of_this_thread()) }
            _ = try pool.step(UnsafeRawBufferPointer(rebasing: actions[(step * size)..<((step + 1) * size)]))
        }
        let after = (ludus_allocations_of_this_thread(), ludus_page_faults_of_this_thread())
        #expect(after.0 == before.0, "\(after.0 - before.0) allocations in 350 steps")
        #expect(after.1 == before.1, "\(after.1 - before.1) page faults in 350 steps")
    }

    @Test(.enabled(if: counts, "allocations can't be counted here"))
    func sendAndReceiveAllocateNothing() throws {
        let pool = try EnvironmentCatalogue.builtIn.task("CartPole-v1").pool(
            count: 64, options: PoolOptions(batchSize: 16))
        try pool.startAll()
        let actions = [Int64](repeating: 1, count: 16)
        func turn() throws {
            let batch = try pool.receive()
            try actions.withUnsafeBytes { try pool.send($0, to: batch.environments) }
        }
        for _ in 0..<20 { try turn() }
        let before = ludus_allocations_of_this_thread()
        for _ in 0..<200 { try turn() }
        #expect(ludus_allocations_of_this_thread() == before)
    }
}
