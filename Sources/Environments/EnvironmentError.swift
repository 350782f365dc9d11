/// What can go wrong in this target because of what a caller, a file or a program gave.
public enum EnvironmentError: Error, Hashable, Sendable {
    /// No task has this id.
    case unknownTask(id: String, nearest: [String])
    /// An option has a value that the task can't have.
    case badOption(name: String, reason: String)
    /// The number of actions, ids or seeds isn't what the pool needs.
    case wrongCount(what: String, given: Int, wanted: Int)
    /// An action lies outside its space, or isn't a number.
    case badAction(row: Int, value: Double, space: String)
    /// An environment was asked for that the pool doesn't have, or that is already under way.
    case badEnvironment(id: Int, reason: String)
    /// A call that the pool can't answer now, such as a step before the first reset.
    case wrongTime(what: String)
    /// A snapshot doesn't fit the task.
    case badSnapshot(reason: String)
    /// A file that the task needs isn't there or can't be read.
    case missingFile(path: String, advice: String)
}

extension EnvironmentError: CustomStringConvertible {
    /// One sentence for a person: what, where, what to do.
    public var description: String {
        switch self {
        case .unknownTask(let id, let nearest):
            nearest.isEmpty
                ? "no task is called \(id); `ludus env list` shows all"
                : "no task is called \(id); did you mean \(nearest.joined(separator: " or "))?"
        case .badOption(let name, let reason): "the option \(name) can't be used: \(reason)"
        case .wrongCount(let what, let given, let wanted): "\(given) \(what) were given, \(wanted) are needed"
        case .badAction(let row, let value, let space):
            "the action in row \(row) is \(value), which isn't in \(space)"
        case .badEnvironment(let id, let reason): "environment \(id) can't be stepped: \(reason)"
        case .wrongTime(let what): what
        case .badSnapshot(let reason): "the snapshot doesn't fit: \(reason)"
        case .missingFile(let path, let advice): "can't read \(path); \(advice)"
        }
    }
}
