/// What can go wrong in this target because of files, programs or data.
public enum TheoremProvingError: Error, Hashable, Sendable {
    /// A file of statements is missing or can't be read.
    case unreadableFile(path: String, reason: String)
    /// A file of statements has an ending that no reader knows.
    case unknownFileKind(path: String)
    /// A file of results can't be written.
    case unwritableFile(path: String, reason: String)
    /// A checkpoint of expert iteration doesn't fit the options or is damaged.
    case badCheckpoint(path: String, reason: String)
}

extension TheoremProvingError: CustomStringConvertible {
    /// One sentence for a person: what, where, what to do.
    public var description: String {
        switch self {
        case .unreadableFile(let path, let reason): "can't read \(path): \(reason); check the path and its permissions"
        case .unknownFileKind(let path):
            "\(path) is neither a .v file of Coq statements nor a .jsonl file of records; rename or convert it"
        case .unwritableFile(let path, let reason): "can't write \(path): \(reason)"
        case .badCheckpoint(let path, let reason):
            "the checkpoint \(path) can't be resumed: \(reason); start afresh in another folder"
        }
    }
}
