import CMuJoCo

/// A scene for MuJoCo: bodies, joints, actuators, and how they are joined.
///
/// A model is read once and shared by all states of it, also across threads.
///
/// Source: Todorov, Erez and Tassa 2012, "MuJoCo: a physics engine for model-based control", IROS.
public final class PhysicsModel: @unchecked Sendable {
    // Unchecked: what the handle points at is never written after it was loaded.
    let handle: OpaquePointer
    /// Numbers in a position.
    public let positionCount: Int
    /// Numbers in a velocity.
    public let velocityCount: Int
    /// Numbers in a control.
    public let controlCount: Int
    /// States of actuators that have any.
    public let activationCount: Int
    /// Bodies; body 0 is the world.
    public let bodyCount: Int
    /// Sites.
    public let siteCount: Int
    /// Seconds of a step.
    public let timestep: Double
    /// `[bodyCount]`, in the model's unit, mostly kilograms; as long as the model lives.
    public let masses: UnsafePointer<Double>
    /// `[positionCount]`, where a reset puts the model; as long as the model lives.
    public let initialPositions: UnsafePointer<Double>

    /// Kinds of things that have names.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// A rigid body.
        case body
        /// A joint.
        case joint
        /// A marked place on a body.
        case site
        /// An actuator.
        case actuator
        /// A shape.
        case geometry

        var code: ludus_mujoco_kind {
            switch self {
            case .body: ludus_mujoco_body
            case .joint: ludus_mujoco_joint
            case .site: ludus_mujoco_site
            case .actuator: ludus_mujoco_actuator
            case .geometry: ludus_mujoco_geometry
            }
        }
    }

    /// Whether the program was built with MuJoCo.
    public static var isAvailable: Bool { ludus_mujoco_is_available() }

    /// MuJoCo's version, such as `3.6.0`; nil without MuJoCo.
    public static var version: String? { isAvailable ? String(cString: ludus_mujoco_version()) : nil }

    /// Warnings that MuJoCo gave since the program started, in all threads.
    public static var warningCount: Int { Int(ludus_mujoco_warning_count()) }

    /// Reads a model.
    ///
    /// - Parameter path: an XML file in MuJoCo's or the URDF format.
    /// - Throws: `notAvailable`, or `badModel` with what MuJoCo says.
    public init(path: String) throws(PhysicsError) {
        guard Self.isAvailable else { throw .notAvailable }
        var message = [CChar](repeating: 0, count: 1024)
        guard let handle = ludus_mujoco_load(path, &message, message.count) else {
            let bytes = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            throw .badModel(path: path, reason: String(decoding: bytes, as: UTF8.self))
        }
        let constants = ludus_mujoco_describe(handle)
        guard let masses = constants.masses, let initialPositions = constants.initial_positions else {
            ludus_mujoco_free_model(handle)
            throw .badModel(path: path, reason: "it has no bodies")
        }
        self.handle = handle
        positionCount = Int(constants.positions)
        velocityCount = Int(constants.velocities)
        controlCount = Int(constants.controls)
        activationCount = Int(constants.activations)
        bodyCount = Int(constants.bodies)
        siteCount = Int(constants.sites)
        timestep = constants.timestep
        self.masses = masses
        self.initialPositions = initialPositions
    }

    deinit { ludus_mujoco_free_model(handle) }

    /// The index of a name.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - kind: of what.
    /// - Returns: the index among its kind, or nil where the model has no such name.
    public func index(of name: String, _ kind: Kind) -> Int? {
        let index = ludus_mujoco_find(handle, kind.code, name)
        return index < 0 ? nil : Int(index)
    }

    /// The bounds of a control.
    ///
    /// - Parameter index: the actuator.
    /// - Returns: lower and upper bound; both 0 where it has none.
    public func controlRange(_ index: Int) -> (low: Double, high: Double) {
        precondition(index >= 0 && index < controlCount, "controlRange(\(index)): there are \(controlCount) controls")
        guard let ranges = ludus_mujoco_describe(handle).control_ranges else { return (0, 0) }
        return (ranges[2 * index], ranges[2 * index + 1])
    }

    /// Numbers in a saved state.
    public var stateCount: Int { Int(ludus_mujoco_state_size(handle)) }
}
