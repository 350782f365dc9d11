import MetaLearning
import Randomness
import Tensors

/// What trajectories in several tasks say about an advantage actor-critic, summed up for each state and action.
///
/// `M` tasks, `S` states, `A` actions. With states and actions finite, the loss needs no more than these sums.
struct ActorCriticSample {
    /// `[M, S, A]` sums of advantages, over the number of steps.
    let advantages: Tensor
    /// `[M, S]` visits, over the number of steps.
    let visits: Tensor
    /// `[M, S]` sums of λ-returns, over the number of steps.
    let targets: Tensor

    /// Draws trajectories, and estimates advantages by λ-returns without a bootstrap beyond the last step.
    init(
        _ tasks: RandomTabularTasks, policies: [Double], values: [Double], _ settings: TabularMAML.Configuration,
        using generator: inout SplittableGenerator
    ) {
        var (advantages, visits, targets): ([Double], [Double], [Double]) = ([], [], [])
        let share = 1 / Double(settings.trajectories * settings.length)
        for (task, process) in tasks.processes.enumerated() {
            let offset = task * process.parameterCount
            let policy = Array(policies[offset..<(offset + process.parameterCount)])
            let batch = TrajectoryBatch(
                process, policy: policy, count: settings.trajectories, length: settings.length, using: &generator)
            let noise = generator.normals(batch.count * batch.length)
            var taskAdvantages = [Double](repeating: 0, count: process.parameterCount)
            var taskVisits = [Double](repeating: 0, count: process.stateCount)
            var taskTargets = taskVisits
            for trajectory in 0..<batch.count {
                // Nothing follows the last step: both stand for what comes after it.
                var (target, nextValue) = (0.0, 0.0)
                for step in stride(from: batch.length - 1, through: 0, by: -1) {
                    let state = Int(batch.states[trajectory * (batch.length + 1) + step])
                    let place = trajectory * batch.length + step
                    let row = state * process.actionCount + Int(batch.actions[place])
                    let future = (1 - settings.trace) * nextValue + settings.trace * target
                    target = process.rewards[row] + noise[place] + settings.discount * future
                    nextValue = values[task * process.stateCount + state]
                    taskAdvantages[row] += share * (target - nextValue)
                    taskVisits[state] += share
                    taskTargets[state] += share * target
                }
            }
            advantages += taskAdvantages
            visits += taskVisits
            targets += taskTargets
        }
        let shape = [tasks.processes.count, settings.states]
        self.advantages = Tensor(advantages, shape: shape + [settings.actions])
        self.visits = Tensor(visits, shape: shape)
        self.targets = Tensor(targets, shape: shape)
    }

    /// The objective to maximise, summed over the tasks: the surrogate less half the weighted squared error of values.
    func objective(
        _ logProbabilities: Tensor, _ values: Tensor, estimator: SurrogateEstimator, valueWeight: Double
    ) -> Tensor {
        let factors =
            estimator == .lowVarianceCurvature
            ? (logProbabilities - logProbabilities.detached()).exp() : logProbabilities
        // Σ (G − v)² without the constant Σ G².
        let errors = (visits * values.square()).sum() - (targets * values).sum() * 2
        return (advantages * factors).sum() - errors * valueWeight
    }
}
