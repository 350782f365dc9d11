public import Environments

extension EnvironmentCatalogue {
    /// The robots' tasks; empty where MuJoCo or the models aren't there.
    ///
    /// Nothing is loaded before a pool is made.
    public static var mujoco: EnvironmentCatalogue {
        guard RobotModels.areAvailable else { return EnvironmentCatalogue([]) }
        return EnvironmentCatalogue(RobotVersion.allCases.flatMap(robots))
    }

    private static func robots(_ version: RobotVersion) -> [EnvironmentTask] {
        func task<Body: Robot>(_ body: Body.Type) -> EnvironmentTask {
            EnvironmentTask(RobotKernel<Body>.self, family: .mujoco, options: Body.Options(version))
        }
        return [
            task(Ant.self), task(HalfCheetah.self), task(Hopper.self), task(Humanoid.self), task(HumanoidStandup.self),
            task(InvertedPendulum.self), task(InvertedDoublePendulum.self), task(Pusher.self), task(Reacher.self),
            task(Swimmer.self), task(Walker2d.self),
        ]
    }
}
