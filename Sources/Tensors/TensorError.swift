/// What the world, not the caller, can do wrong to tensors: files and devices.
public enum TensorError: Error, Sendable, Equatable {
    /// No CUDA library could be opened.
    case cudaUnavailable(reason: String)
    /// The saved state of a generator is no such state.
    case badGeneratorState(reason: String)
    /// A computation on valid shapes failed on its values, such as a Cholesky factor of an indefinite matrix.
    case numericalFailure(operation: String, reason: String)
}

extension TensorError: CustomStringConvertible {
    /// A sentence with what happened and what to do.
    public var description: String {
        switch self {
        case .cudaUnavailable(let reason):
            "CUDA is not available (\(reason)). Use a CUDA build of libtorch 2.13, or Device.cpu."
        case .badGeneratorState(let reason):
            "The bytes are no state of a CPU generator (\(reason)). Pass what TensorGenerator.state returned."
        case .numericalFailure(let operation, let reason):
            "\(operation) failed on the values it was given: \(reason)"
        }
    }
}
