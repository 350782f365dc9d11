public import Environments
public import Physics

/// Where the robots' models are, and whether they can be used.
public enum RobotModels {
    private static let place = InstalledFolder("mujoco/assets", variable: "LUDUS_MUJOCO", mark: "ant.xml")

    /// Where models are: the folder given, else the one that the variable `LUDUS_MUJOCO` names, else the first
    /// `.deps/mujoco/assets` in the current folder, the program's folder, or a folder above them.
    ///
    /// - Parameter given: a folder.
    /// - Returns: the folder, or nil where none was found.
    public static func folder(_ given: String? = nil) -> String? { place.find(given) }

    /// Whether the program was built with MuJoCo and models are there; nothing is loaded.
    public static var areAvailable: Bool {
        guard PhysicsModel.isAvailable, let folder = folder() else { return false }
        return InstalledFolder.canRead(folder + "/ant.xml")
    }

    /// Reads a model and checks its sizes.
    ///
    /// - Parameters:
    ///   - simulation: which one.
    ///   - shape: its sizes.
    /// - Returns: the model.
    /// - Throws: `missingFile`, or `badOption` where the model is of another robot.
    public static func load(
        _ simulation: RobotSimulation, _ shape: RobotShape
    ) throws(EnvironmentError) -> PhysicsModel {
        guard simulation.frameSkip >= 1 else {
            throw .badOption(name: "frameSkip", reason: "it is \(simulation.frameSkip), must be at least 1")
        }
        guard let folder = folder(simulation.folder) else {
            throw .missingFile(path: ".deps/mujoco/assets/\(simulation.file)", advice: advice)
        }
        let path = "\(folder)/\(simulation.file)"
        guard InstalledFolder.canRead(path) else { throw .missingFile(path: path, advice: advice) }
        let model: PhysicsModel
        do {
            model = try PhysicsModel(path: path)
        } catch {
            throw .missingFile(path: path, advice: error.description)
        }
        let sizes = [model.positionCount, model.velocityCount, model.controlCount, model.bodyCount]
        let wanted = [shape.positions, shape.velocities, shape.controls, shape.bodies]
        guard sizes == wanted, model.siteCount >= shape.sites, model.activationCount == 0 else {
            throw .badOption(
                name: "file",
                reason: "\(path) has \(sizes) positions, velocities, controls and bodies, the task needs \(wanted), "
                    + "\(shape.sites) sites, and actuators without states")
        }
        return model
    }

    /// The index of a body.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - model: the model.
    /// - Returns: the index.
    /// - Throws: `badOption` where the model has no such body.
    public static func body(_ name: String, _ model: PhysicsModel) throws(EnvironmentError) -> Int {
        guard let index = model.index(of: name, .body) else {
            throw .badOption(name: "file", reason: "the model has no body \(name)")
        }
        return index
    }

    private static let advice =
        "robots need MuJoCo 3.6.0 and the models of Gymnasium 1.4.0: run Scripts/bootstrap, or set LUDUS_MUJOCO to a "
        + "folder with the models"
}
