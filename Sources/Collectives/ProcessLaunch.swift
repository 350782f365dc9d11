#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How this process was started, as the environment tells it: known before anything is communicated.
public struct ProcessLaunch: Sendable, Equatable {
    /// This process's number among those that were started together, from 0.
    public var rank: Int

    /// How many were started together, ≥ 1.
    public var size: Int

    /// Describes a launch.
    ///
    /// - Parameters:
    ///   - rank: from 0.
    ///   - size: more than `rank`.
    public init(rank: Int, size: Int) {
        self.rank = rank
        self.size = size
    }

    /// The launch of this process: by `mpirun` of Open MPI, by `srun --mpi=pmix` of Slurm, or by itself (0 of 1).
    public static let current = ProcessLaunch { name in getenv(name).map { String(cString: $0) } }

    /// Reads a launch from variables of the environment.
    ///
    /// - Parameter variable: looks up a variable.
    init(variable: (String) -> String?) {
        // The first pair is Open MPI's; the second is set by Slurm's plug-in for PMIx beside Slurm's own variables.
        let pairs = [("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("PMIX_RANK", "SLURM_STEP_NUM_TASKS")]
        for (rank, size) in pairs {
            if let rank = variable(rank).flatMap({ Int($0) }), let size = variable(size).flatMap({ Int($0) }),
                rank >= 0, size > rank
            {
                self.init(rank: rank, size: size)
                return
            }
        }
        self.init(rank: 0, size: 1)
    }
}
