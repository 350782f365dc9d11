/// Gives a task's options where they aren't known as a Swift type, such as from JSON text.
public protocol TaskOptionReader {
    /// Options in place of a task's own.
    ///
    /// - Parameter options: the task's own.
    /// - Returns: the options to use.
    /// - Throws: `badOption` for a name that the options don't have, or a value that they can't have.
    func read<Options: Codable>(over options: Options) throws(EnvironmentError) -> Options
}

/// A task under its id: how to make pools of it.
public struct EnvironmentTask: Sendable {
    /// Where a task comes from.
    public enum Family: String, Sendable, Hashable, Codable, CaseIterable {
        /// Classic control.
        case classic
        /// Toy text.
        case toyText = "toy-text"
        /// Robots in MuJoCo.
        case mujoco
        /// Atari 2600 games.
        case atari
    }

    /// The id, such as `CartPole-v1`.
    public let id: String
    /// Where it comes from.
    public let family: Family
    /// Spaces, limits and columns.
    public let specification: EnvironmentSpecification
    private let make: @Sendable (Int, PoolOptions, (any TaskOptionReader)?) throws(EnvironmentError) -> EnvironmentPool

    /// A task with its standard options.
    ///
    /// - Parameters:
    ///   - kernel: the dynamics.
    ///   - id: the id, where the specification's own isn't meant.
    ///   - family: where it comes from.
    ///   - options: what is chosen about it.
    public init<Kernel: EnvironmentKernel>(
        _ kernel: Kernel.Type, id: String? = nil, family: Family, options: Kernel.Options
    ) {
        var specification = Kernel.specification(options)
        if let id { specification.id = id }
        self.id = specification.id
        self.family = family
        self.specification = specification
        make = { (count, pool, reader) throws(EnvironmentError) in
            let chosen = try reader?.read(over: options) ?? options
            return try EnvironmentPool(Kernel.self, count: count, task: chosen, options: pool)
        }
    }

    /// Makes a pool of the task.
    ///
    /// - Parameters:
    ///   - count: environments, at least 1.
    ///   - options: how the pool works.
    /// - Returns: the pool.
    /// - Throws: ``EnvironmentError`` for options, counts or files that can't be used.
    public func pool(count: Int, options: PoolOptions = PoolOptions()) throws(EnvironmentError) -> EnvironmentPool {
        try make(count, options, nil)
    }

    /// Makes a pool of the task with other options than its own.
    ///
    /// - Parameters:
    ///   - count: environments, at least 1.
    ///   - options: how the pool works.
    ///   - reader: gives the options of the task.
    /// - Returns: the pool.
    /// - Throws: ``EnvironmentError`` for options, counts or files that can't be used.
    public func pool(
        count: Int, options: PoolOptions, reading reader: any TaskOptionReader
    ) throws(EnvironmentError) -> EnvironmentPool {
        try make(count, options, reader)
    }
}

/// Tasks by id.
public struct EnvironmentCatalogue: Sendable {
    /// The tasks in the order of their ids.
    public let tasks: [EnvironmentTask]

    /// A catalogue; of tasks with the same id the last one counts.
    ///
    /// - Parameter tasks: the tasks.
    public init(_ tasks: [EnvironmentTask]) {
        var byID: [String: EnvironmentTask] = [:]
        for task in tasks { byID[task.id] = task }
        self.tasks = byID.values.sorted { $0.id < $1.id }
    }

    /// The tasks that need nothing but Swift: classic control and toy text.
    public static var builtIn: EnvironmentCatalogue {
        var short = CartPole.Options()
        short.maximumEpisodeSteps = 200
        var large = FrozenLake.Options()
        large.map = FrozenLake.large
        var slippery = CliffWalking.Options()
        slippery.isSlippery = true
        return EnvironmentCatalogue([
            EnvironmentTask(CartPole.self, family: .classic, options: short),
            EnvironmentTask(CartPole.self, family: .classic, options: CartPole.Options()),
            EnvironmentTask(MountainCar.self, family: .classic, options: MountainCar.Options()),
            EnvironmentTask(MountainCarContinuous.self, family: .classic, options: MountainCarContinuous.Options()),
            EnvironmentTask(Pendulum.self, family: .classic, options: Pendulum.Options()),
            EnvironmentTask(Acrobot.self, family: .classic, options: Acrobot.Options()),
            EnvironmentTask(FrozenLake.self, family: .toyText, options: FrozenLake.Options()),
            EnvironmentTask(FrozenLake.self, family: .toyText, options: large),
            EnvironmentTask(CliffWalking.self, family: .toyText, options: CliffWalking.Options()),
            EnvironmentTask(CliffWalking.self, family: .toyText, options: slippery),
            EnvironmentTask(Taxi.self, family: .toyText, options: Taxi.Options()),
            EnvironmentTask(Blackjack.self, family: .toyText, options: Blackjack.Options()),
            EnvironmentTask(Chain.self, family: .toyText, options: Chain.Options()),
            EnvironmentTask(Catch.self, family: .toyText, options: Catch.Options()),
        ])
    }

    /// The task of an id.
    ///
    /// - Parameter id: such as `CartPole-v1`; exact.
    /// - Returns: the task.
    /// - Throws: `unknownTask` with the nearest ids.
    public func task(_ id: String) throws(EnvironmentError) -> EnvironmentTask {
        if let task = tasks.first(where: { $0.id == id }) { return task }
        let distances = tasks.map { (id: $0.id, distance: Self.distance(id.lowercased(), $0.id.lowercased())) }
        let near = distances.filter { $0.distance <= max(3, id.count / 3) }
            .sorted { ($0.distance, $0.id) < ($1.distance, $1.id) }
        throw .unknownTask(id: id, nearest: near.prefix(3).map(\.id))
    }

    /// Single-letter changes that lead from one text to the other.
    private static func distance(_ first: String, _ second: String) -> Int {
        let second = Array(second)
        var row = Array(0...second.count)
        for (index, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in second.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}

extension EnvironmentCatalogue {
    /// The tasks of two catalogues; where both have an id, the second one's task counts.
    ///
    /// - Parameters:
    ///   - lhs: a catalogue.
    ///   - rhs: another one.
    /// - Returns: all tasks.
    public static func + (lhs: EnvironmentCatalogue, rhs: EnvironmentCatalogue) -> EnvironmentCatalogue {
        EnvironmentCatalogue(lhs.tasks + rhs.tasks)
    }
}
