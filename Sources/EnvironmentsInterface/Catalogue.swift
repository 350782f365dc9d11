import Environments
import EnvironmentsArcade
import EnvironmentsMuJoCo

extension EnvironmentCatalogue {
    /// Every task whose files are there.
    static let all: EnvironmentCatalogue = .builtIn + .mujoco + .arcade
}
