import Environments
import EnvironmentsArcade
import EnvironmentsMuJoCo

/// The tasks that recipes can train on.
enum ControlTasks {
    /// All families that this build has.
    static var catalogue: EnvironmentCatalogue { .builtIn + .mujoco + .arcade }

    /// The task of an id.
    ///
    /// - Parameter id: such as `CartPole-v1`.
    /// - Returns: the task.
    /// - Throws: `RecipeError.missingTask` where it isn't here.
    static func task(_ id: String) throws(RecipeError) -> EnvironmentTask {
        do throws(EnvironmentError) {
            return try catalogue.task(id)
        } catch {
            throw .missingTask(id: id, reason: "\(error)")
        }
    }

    /// Whether environments of a task can be made here.
    ///
    /// - Parameter id: such as `CartPole-v1`.
    /// - Returns: false where the task, or a library or file that it needs, is missing.
    static func has(_ id: String) -> Bool {
        (try? task(id).pool(count: 1)) != nil
    }
}

/// A recipe that trains a policy on one task.
public protocol ControlRecipe: Recipe {
    /// The task's id.
    static var task: String { get }
}

extension ControlRecipe {
    /// Whether its task can be made here; MuJoCo and Atari tasks need files that `Scripts/bootstrap` sets up.
    public static var isAvailable: Bool { ControlTasks.has(task) }

    /// Control.
    public static var field: RecipeField { .control }

    /// The paper.
    public static var paper: String { "Schulman et al. 2017, Proximal policy optimization, arXiv:1707.06347" }
}
