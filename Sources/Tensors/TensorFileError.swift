/// What can be wrong with a file of tensors.
public enum TensorFileError: Error, Sendable, Equatable {
    /// The file could not be opened, read or mapped.
    case unreadable(path: String, reason: String)
    /// The file could not be written; what was there before still is.
    case unwritable(path: String, reason: String)
    /// The bytes break the rules of the format; `offset` says where, where that is known.
    case malformed(path: String, offset: Int?, reason: String)
    /// The file is sound, but holds something that this library cannot represent.
    case unsupported(path: String, reason: String)
    /// The file is sound, but a tensor that was asked for is not in it, or is not as it was asked for.
    case mismatch(path: String, tensor: String, reason: String)
}

extension TensorFileError: CustomStringConvertible {
    /// A sentence with the file, what is wrong and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path) cannot be read (\(reason)). Check the path and its permissions."
        case .unwritable(let path, let reason):
            "\(path) cannot be written (\(reason)). Check the folder, its permissions and the space left."
        case .malformed(let path, let offset, let reason):
            "\(path) is damaged\(offset.map { " at byte \($0)" } ?? ""): \(reason). Copy or write the file again."
        case .unsupported(let path, let reason):
            "\(path) cannot be used: \(reason). Write it again with a type and an order that this library reads."
        case .mismatch(let path, let tensor, let reason):
            "\(path) does not fit: tensor \"\(tensor)\" \(reason). Check that the file belongs to this model."
        }
    }
}
