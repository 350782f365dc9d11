import CMuJoCo

/// A state of a model, and what was computed from it.
///
/// Belongs to one thread at a time. Quantities that depend on the position are those of the last
/// ``forward()``, or of the beginning of the last step.
public final class PhysicsData: @unchecked Sendable {
    // Unchecked: nothing is shared but the model; whoever hands a state to another thread stops using it.
    /// The model.
    public let model: PhysicsModel
    /// Where its numbers are.
    public let view: PhysicsView
    private let handle: OpaquePointer

    /// A state where the model starts.
    ///
    /// - Parameter model: the model.
    /// - Throws: `failed` where there is no memory for it.
    public init(_ model: PhysicsModel) throws(PhysicsError) {
        guard let handle = ludus_mujoco_make(model.handle) else { throw Self.failure }
        guard let view = PhysicsView(ludus_mujoco_look(handle)) else {
            ludus_mujoco_free_data(handle)
            throw .failed(reason: "a state without numbers")
        }
        self.model = model
        self.handle = handle
        self.view = view
    }

    deinit { ludus_mujoco_free_data(handle) }

    private static var failure: PhysicsError { .failed(reason: String(cString: ludus_mujoco_failure())) }

    /// Puts position, velocity, time and all else to where the model starts; call ``forward()`` before reading more.
    ///
    /// - Throws: `failed`.
    public func reset() throws(PhysicsError) {
        guard ludus_mujoco_reset(model.handle, handle) == 0 else { throw Self.failure }
    }

    /// Computes everything that depends on position, velocity and control, without going further in time.
    ///
    /// - Throws: `failed`.
    public func forward() throws(PhysicsError) {
        guard ludus_mujoco_forward(model.handle, handle) == 0 else { throw Self.failure }
    }

    /// Goes further in time.
    ///
    /// - Parameter count: how many of the model's timesteps, at least 0.
    /// - Throws: `failed`; the state has to be reset then. See ``breakdownCount`` for what isn't an error.
    public func step(_ count: Int = 1) throws(PhysicsError) {
        guard ludus_mujoco_step(model.handle, handle, Int32(count)) == 0 else { throw Self.failure }
    }

    /// Computes ``PhysicsView/externalForces``, which steps leave alone.
    ///
    /// - Throws: `failed`.
    public func computeExternalForces() throws(PhysicsError) {
        guard ludus_mujoco_contact_forces(model.handle, handle) == 0 else { throw Self.failure }
    }

    /// How often since ``reset()`` the simulation became unstable.
    ///
    /// MuJoCo then found numbers that aren't finite or are too large, and put the state to where the model starts.
    public var breakdownCount: Int { Int(ludus_mujoco_breakdowns(handle)) }

    /// Whether positions and velocities are finite.
    public var isFinite: Bool {
        var sum = 0.0
        for index in 0..<model.positionCount { sum += view.positions[index] * 0 }
        for index in 0..<model.velocityCount { sum += view.velocities[index] * 0 }
        return sum == 0
    }

    /// All that later steps depend on.
    ///
    /// - Returns: `model.stateCount` numbers.
    public func state() -> [Double] {
        [Double](unsafeUninitializedCapacity: model.stateCount) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            precondition(
                ludus_mujoco_save(model.handle, handle, start) == 0, String(cString: ludus_mujoco_failure()))
            count = model.stateCount
        }
    }

    /// Takes a state; steps from it are, bit for bit, those of where it was taken.
    ///
    /// What was computed from the old position stays until ``forward()`` or ``step(_:)``.
    ///
    /// - Parameter state: from ``state()`` of the same model.
    /// - Throws: `badState` where the size is wrong.
    public func restore(_ state: [Double]) throws(PhysicsError) {
        guard state.count == model.stateCount else {
            throw .badState(given: state.count, wanted: model.stateCount)
        }
        guard ludus_mujoco_restore(model.handle, handle, state) == 0 else { throw Self.failure }
    }
}
