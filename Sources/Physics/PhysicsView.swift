import CMuJoCo

/// Where the numbers of a state are, in MuJoCo's own memory.
///
/// The arrays stay where they are as long as the ``PhysicsData`` lives that they belong to.
public struct PhysicsView: @unchecked Sendable {
    // Unchecked: the arrays belong to a PhysicsData, and with it to one thread at a time.
    /// `[positionCount]`.
    public let positions: UnsafeMutablePointer<Double>
    /// `[velocityCount]`.
    public let velocities: UnsafeMutablePointer<Double>
    /// `[controlCount]`.
    public let controls: UnsafeMutablePointer<Double>
    /// `[bodyCount, 3]`, where the bodies' frames are in the world.
    public let bodyPositions: UnsafePointer<Double>
    /// `[bodyCount, 3]`, where the bodies' centres of mass are in the world.
    public let massCenters: UnsafePointer<Double>
    /// `[siteCount, 3]`, where sites are in the world; nothing may be read where there are none.
    public let sitePositions: UnsafePointer<Double>
    /// `[bodyCount, 10]`, inertias about the centre of mass of the tree that a body belongs to.
    public let inertias: UnsafePointer<Double>
    /// `[bodyCount, 6]`, angular and linear velocities about that centre.
    public let bodyVelocities: UnsafePointer<Double>
    /// `[velocityCount]`, forces of actuators.
    public let actuatorForces: UnsafePointer<Double>
    /// `[velocityCount]`, forces of constraints: contacts, limits, friction.
    public let constraintForces: UnsafePointer<Double>
    /// `[velocityCount]`.
    public let accelerations: UnsafePointer<Double>
    /// `[bodyCount, 6]`, torques and forces from outside, contacts included; see ``PhysicsData/computeExternalForces()``.
    public let externalForces: UnsafePointer<Double>
    /// `[velocityCount]`, accelerations from which the solver of constraints starts: those of the last step.
    ///
    /// With positions, velocities and, where there are any, states of actuators, all that a next step depends on.
    public let warmStart: UnsafeMutablePointer<Double>
    /// Seconds since the reset.
    public let time: UnsafeMutablePointer<Double>

    init?(_ view: ludus_mujoco_view) {
        guard let positions = view.position, let velocities = view.velocity, let controls = view.control,
            let bodyPositions = view.body_position, let massCenters = view.mass_center,
            let sitePositions = view.site_position, let inertias = view.inertia,
            let bodyVelocities = view.body_velocity, let actuatorForces = view.actuator_force,
            let constraintForces = view.constraint_force, let accelerations = view.acceleration,
            let externalForces = view.external_force, let warmStart = view.warm_start, let time = view.time
        else { return nil }
        self.positions = positions
        self.velocities = velocities
        self.controls = controls
        self.bodyPositions = bodyPositions
        self.massCenters = massCenters
        self.sitePositions = sitePositions
        self.inertias = inertias
        self.bodyVelocities = bodyVelocities
        self.actuatorForces = actuatorForces
        self.constraintForces = constraintForces
        self.accelerations = accelerations
        self.externalForces = externalForces
        self.warmStart = warmStart
        self.time = time
    }
}
