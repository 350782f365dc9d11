import Environments
import Physics

/// What a humanoid observes beside positions and velocities.
public struct HumanoidSenses: Sendable, Codable, Hashable {
    /// Whether the place is left out.
    public var excludesPlace = true
    /// Whether mass and inertia of bodies are observed.
    public var observesInertias = true
    /// Whether velocities of bodies are observed.
    public var observesBodyVelocities = true
    /// Whether forces of actuators are observed.
    public var observesActuatorForces = true
    /// Whether forces of contacts are observed.
    public var observesContacts = true
    /// Whether the world is left out, whose numbers are constant.
    public var excludesWorld: Bool
    /// Whether the free root is left out, which has no actuators.
    public var excludesRootForces: Bool

    /// What a version observes.
    ///
    /// - Parameter version: the version.
    public init(_ version: RobotVersion) {
        excludesWorld = version == .v5
        excludesRootForces = version == .v5
    }

    /// Of the model.
    static let shape = RobotShape(positions: 24, velocities: 23, controls: 17, bodies: 14)

    private var firstPosition: Int { excludesPlace ? 2 : 0 }
    private var firstBody: Int { excludesWorld ? 1 : 0 }
    private var firstForce: Int { excludesRootForces ? 6 : 0 }

    /// Numbers of an observation.
    var count: Int {
        let bodies = 14 - firstBody
        return 24 - firstPosition + 23 + (observesInertias ? 10 * bodies : 0)
            + (observesBodyVelocities ? 6 * bodies : 0) + (observesActuatorForces ? 23 - firstForce : 0)
            + (observesContacts ? 6 * bodies : 0)
    }

    /// Writes an observation.
    func observe(_ view: PhysicsView, _ observation: UnsafeMutablePointer<Double>) {
        var writer = ObservationWriter(observation)
        writer.append(view.positions, firstPosition..<24)
        writer.append(view.velocities, 0..<23)
        if observesInertias { writer.append(view.inertias, (10 * firstBody)..<140) }
        if observesBodyVelocities { writer.append(view.bodyVelocities, (6 * firstBody)..<84) }
        if observesActuatorForces { writer.append(view.actuatorForces, firstForce..<23) }
        if observesContacts { writer.append(view.externalForces, (6 * firstBody)..<84) }
    }

    /// The weighted sum of squares of all forces of contacts, up to a bound.
    static func contactCost(_ view: PhysicsView, weight: Double, maximum: Double) -> Double {
        var cost = 0.0
        for index in 0..<84 {
            let force = view.externalForces[index]
            cost += weight * force * force
        }
        return min(cost, maximum)
    }
}
