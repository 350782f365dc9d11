/// What can go wrong outside the program's control while language models are read or written.
public enum LanguageModelError: Error, Equatable, CustomStringConvertible {
    /// A tokenizer file could not be used; `problem` says which rule it breaks.
    case invalidTokenizer(path: String, problem: String)
    /// A model configuration could not be used; `problem` says which field and why.
    case invalidConfiguration(path: String, problem: String)
    /// A checkpoint's weights do not fit its configuration; `problem` names the tensor.
    case invalidCheckpoint(path: String, problem: String)
    /// A file could not be read.
    case unreadable(path: String, problem: String)
    /// A file or folder could not be written.
    case unwritable(path: String, problem: String)

    /// One sentence: what, where, what to do.
    public var description: String {
        switch self {
        case .invalidTokenizer(let path, let problem):
            "\(path) is not a usable tokenizer: \(problem); train it again or restore the file."
        case .invalidConfiguration(let path, let problem):
            "\(path) is not a usable model configuration: \(problem); correct the field or restore the file."
        case .invalidCheckpoint(let path, let problem):
            "\(path) does not hold this model's weights: \(problem); restore the checkpoint or train it again."
        case .unreadable(let path, let problem):
            "\(path) can't be read: \(problem); check that it exists and that you may read it."
        case .unwritable(let path, let problem):
            "\(path) can't be written: \(problem); check the folder, its permissions and the free space."
        }
    }
}
