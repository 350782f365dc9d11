import Optimizers
import Randomness
public import Tensors

extension ProximalPolicyLearner {
    /// The small part of what a learner goes on from; ``save(to:)`` writes the large one.
    public struct State: Codable, Sendable {
        var generator: SplittableGenerator
        var iteration: Int
        var optimizerSteps: Int
    }

    /// The small part of what this learner goes on from.
    public var state: State {
        State(generator: generator, iteration: iteration, optimizerSteps: moments.step)
    }

    /// Writes the network and what Adam remembers.
    ///
    /// - Parameter folder: where `learner.safetensors` goes.
    /// - Throws: `TensorFileError.unwritable`.
    public func save(to folder: String) throws(TensorFileError) {
        try SafeTensors.write(Pair(network, moments), to: Self.file(folder))
    }

    /// Goes on from a state and the file that belongs to it.
    ///
    /// - Parameters:
    ///   - state: the small part.
    ///   - folder: where `learner.safetensors` is.
    /// - Throws: `TensorFileError` where the file can't be read or is of another network.
    public func restore(_ state: State, from folder: String) throws(TensorFileError) {
        let file = try SafeTensors(contentsOf: Self.file(folder))
        var saved = try file.load(Pair(network, moments))
        saved.second.step = state.optimizerSteps
        replace(saved.first, saved.second)
        generator = state.generator
        iteration = state.iteration
    }

    private static func file(_ folder: String) -> String { folder + "/learner.safetensors" }
}
