import MetaLearning
import Randomness

/// Random tasks: next states from a uniform Dirichlet distribution, mean rewards from N(1, 1), noise N(0, 1).
///
/// Source: Duan et al. 2016, "RL²", arXiv:1611.02779.
struct RandomTabularTasks {
    let processes: [TabularProcess]

    init(count: Int, states: Int, actions: Int, discount: Double, using generator: inout SplittableGenerator)
        throws(MetaLearningError)
    {
        var options = TabularProcessOptions()
        options.stateCount = states
        options.actionCount = actions
        options.discount = discount
        options.concentration = 1
        var processes: [TabularProcess] = []
        for _ in 0..<count {
            let process = try TabularProcess.random(options, using: &generator)
            processes.append(
                try TabularProcess(
                    transitions: process.transitions,
                    rewards: generator.normals(process.parameterCount, mean: 1), stateCount: states,
                    actionCount: actions, discount: discount))
        }
        self.processes = processes
    }

    /// `[M]` expected sums of rewards over `length` steps, by recursion over the steps left.
    func returns(_ policies: [Double], length: Int) -> [Double] {
        processes.enumerated().map { task, process in
            let offset = task * process.parameterCount
            var values = [Double](repeating: 0, count: process.stateCount)
            for _ in 0..<length {
                values = (0..<process.stateCount).map { state in
                    var value = 0.0
                    for row in (state * process.actionCount)..<((state + 1) * process.actionCount) {
                        var next = process.rewards[row]
                        for target in 0..<process.stateCount {
                            next += process.transitions[row * process.stateCount + target] * values[target]
                        }
                        value += policies[offset + row] * next
                    }
                    return value
                }
            }
            return values[process.initialState]
        }
    }
}
