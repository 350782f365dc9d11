/// What can go wrong in this target because of what a file, a library or a model gave.
public enum PhysicsError: Error, Hashable, Sendable {
    /// The program was built without MuJoCo.
    case notAvailable
    /// A file can't be read, or holds no model.
    case badModel(path: String, reason: String)
    /// A simulation can't go on; it has to be reset.
    case failed(reason: String)
    /// A saved state doesn't fit the model.
    case badState(given: Int, wanted: Int)
}

extension PhysicsError: CustomStringConvertible {
    /// One sentence for a person: what, where, what to do.
    public var description: String {
        switch self {
        case .notAvailable: "this program was built without MuJoCo; run Scripts/bootstrap and build it again"
        case .badModel(let path, let reason): "\(path) can't be used as a model: \(reason)"
        case .failed(let reason): "the simulation can't go on: \(reason); reset it"
        case .badState(let given, let wanted): "a saved state has \(given) numbers, the model needs \(wanted)"
        }
    }
}
