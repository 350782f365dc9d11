/// What can go wrong when a saved optimiser state is read back.
public enum OptimizersError: Error, Equatable, CustomStringConvertible {
    /// A tensor that the state needs is absent.
    case missingTensor(name: String)

    /// A tensor under the state's prefix that the state doesn't know.
    case unknownTensor(name: String)

    /// A tensor whose shape or type differs from the state's; both in words, such as `float32 [3, 4]`.
    case differentTensor(name: String, expected: String, found: String)

    /// The sentence to show: what, where, what to do.
    public var description: String {
        switch self {
        case .missingTensor(let name):
            "The saved optimiser state has no tensor '\(name)': it belongs to another optimiser or model."
        case .unknownTensor(let name):
            "The saved optimiser state has a tensor '\(name)' that this optimiser doesn't use: "
                + "resume with the options that the run was started with."
        case .differentTensor(let name, let expected, let found):
            "The saved optimiser state has '\(name)' as \(found) where this model needs \(expected): "
                + "resume with the model configuration that the run was started with."
        }
    }
}
