/// What can go wrong between processes.
public enum CollectivesError: Error, Equatable, CustomStringConvertible {
    /// The program was started as one of several, but Open MPI is missing or cannot be used.
    case unavailable(reason: String)

    /// A communication failed; the other processes are probably gone.
    case failed(operation: String, reason: String)

    /// One sentence: what, and what to do.
    public var description: String {
        switch self {
        case .unavailable(let reason):
            "This program was started as one of several processes, which needs Open MPI (\(reason)). Install it "
                + "(openmpi-bin and libopenmpi-dev of Debian and Ubuntu), or start the program once, without mpirun."
        case .failed(let operation, let reason):
            "\(operation) between processes failed: \(reason). Look for the first process that ended, and start again "
                + "from the last checkpoint."
        }
    }
}
