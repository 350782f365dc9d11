import Environments
import Physics
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The states of all environments of a pool, and the simulators that move them.
///
/// A simulator's memory is some hundred kilobytes, most of it working space. So there are only as many as threads work
/// at the same time, which stay in their caches, and what a next step depends on is copied in and out.
final class RobotStates: @unchecked Sendable {
    // Unchecked: the list of idle simulators is touched only while `isBusy` is held.
    private let model: PhysicsModel
    /// `[N, stride]`: positions, velocities, where the solver starts, memory.
    private let numbers: StateArray<Double>
    /// Simulators that nobody works with.
    private var idle: [PhysicsData]
    /// Whether a thread is at the list.
    ///
    /// Not a mutex of the library, which thread sanitizers don't see into.
    private let isBusy = Atomic<Bool>(false)
    /// Numbers of a state.
    let stride: Int
    private let memoryStart: Int

    /// Room for states.
    init(_ model: PhysicsModel, count: Int, memoryCount: Int) throws(PhysicsError) {
        self.model = model
        memoryStart = model.positionCount + 2 * model.velocityCount
        stride = memoryStart + memoryCount
        numbers = StateArray(count * stride)
        var first = [try PhysicsData(model)]
        first.reserveCapacity(64)
        idle = first
    }

    /// The numbers of an environment.
    func row(_ index: Int) -> UnsafeMutablePointer<Double> { numbers.pointer + index * stride }

    /// What a robot keeps from one step to the next.
    func memory(_ index: Int) -> UnsafeMutablePointer<Double> { row(index) + memoryStart }

    /// A simulator for one thread, until it is given back.
    func take() -> PhysicsData {
        while true {
            hold()
            let data = idle.popLast()
            release()
            if let data { return data }
            // Where there is no memory for another one, some other thread will give one back.
            if let data = try? PhysicsData(model) { return data }
        }
    }

    /// Gives a simulator back.
    func put(_ data: PhysicsData) {
        hold()
        idle.append(data)
        release()
    }

    private func hold() {
        while !isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged {
            // The holder needs a few instructions; where it lost its processor, it gets this one.
            _ = sched_yield()
        }
    }

    private func release() { isBusy.store(false, ordering: .releasing) }

    /// Puts an environment into a simulator.
    @inline(__always)
    func load(_ index: Int, into view: PhysicsView) {
        let row = row(index)
        view.positions.update(from: row, count: model.positionCount)
        view.velocities.update(from: row + model.positionCount, count: model.velocityCount)
        view.warmStart.update(
            from: row + (model.positionCount + model.velocityCount), count: model.velocityCount)
    }

    /// Takes an environment out of a simulator.
    @inline(__always)
    func store(_ index: Int, from view: PhysicsView) {
        let row = row(index)
        row.update(from: view.positions, count: model.positionCount)
        (row + model.positionCount).update(from: view.velocities, count: model.velocityCount)
        (row + (model.positionCount + model.velocityCount)).update(from: view.warmStart, count: model.velocityCount)
    }
}
