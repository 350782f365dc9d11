import MetaLearning
import Randomness
import Tensors

/// Small processes and tables that the tests share.
enum Fixtures {
    /// Random processes whose transitions are far from deterministic.
    static func process(states: Int = 4, actions: Int = 3, discount: Double = 0.7, seed: UInt64 = 3) throws
        -> TabularProcess
    {
        var options = TabularProcessOptions()
        options.stateCount = states
        options.actionCount = actions
        options.discount = discount
        options.concentration = 0.5
        var generator = SplittableGenerator(seed: seed)
        return try TabularProcess.random(options, using: &generator)
    }

    /// A table without symmetry.
    static func table(_ process: TabularProcess, seed: UInt64 = 5) -> [Double] {
        var generator = SplittableGenerator(seed: seed)
        return generator.normals(process.parameterCount)
    }

    /// A table as a tensor of one process.
    static func tensor(_ table: [Double], _ process: TabularProcess) -> Tensor {
        Tensor(table, shape: [1, process.stateCount, process.actionCount])
    }

    /// The largest difference, over 1 + size.
    static func distance(_ a: [Double], _ b: [Double]) -> Double {
        guard a.count == b.count else { return .infinity }
        return zip(a, b).map { abs($0 - $1) / (1 + abs($1)) }.map { $0.isNaN ? .infinity : $0 }.max() ?? 0
    }

    /// Σ a b.
    static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map(*).reduce(0, +) }

    /// a + factor b.
    static func moved(_ a: [Double], _ b: [Double], by factor: Double) -> [Double] {
        zip(a, b).map { $0 + factor * $1 }
    }
}

/// The value of a policy over `length` steps and a bootstrap beyond, by recursion over the time left.
func truncatedValue(
    _ process: TabularProcess, _ parameters: [Double], length: Int, bootstrap: [Double]
) -> Double {
    let policy = process.policy(parameters)
    var values = bootstrap
    for _ in 0..<length {
        values = (0..<process.stateCount).map { state in
            (0..<process.actionCount).map { action in
                let row = state * process.actionCount + action
                let next = (0..<process.stateCount).map {
                    process.transitions[row * process.stateCount + $0] * values[$0]
                }.reduce(0, +)
                return policy[row] * (process.rewards[row] + process.discount * next)
            }.reduce(0, +)
        }
    }
    return values[process.initialState]
}

/// The gradient of a function of a table by central differences.
///
/// With step 1e-4 and functions of size 1: truncation 1e-9, rounding 1e-12.
func differences(_ point: [Double], step: Double = 1e-4, _ function: ([Double]) -> Double) -> [Double] {
    point.indices.map { index in
        var (up, down) = (point, point)
        up[index] += step
        down[index] -= step
        return (function(up) - function(down)) / (2 * step)
    }
}

/// The derivative along a direction of a table-valued function, by central differences.
func directionalDifference(
    _ point: [Double], _ direction: [Double], step: Double = 1e-4, _ function: ([Double]) throws -> [Double]
) rethrows -> [Double] {
    let up = try function(Fixtures.moved(point, direction, by: step))
    let down = try function(Fixtures.moved(point, direction, by: -step))
    return zip(up, down).map { ($0 - $1) / (2 * step) }
}
