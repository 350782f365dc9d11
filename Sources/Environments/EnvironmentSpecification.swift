/// What is the same for all environments of a task.
public struct EnvironmentSpecification: Sendable, Hashable, Codable {
    /// An extra column that a task reports at each step, such as `lives`.
    public struct Column: Sendable, Hashable, Codable {
        /// Its name, as in the reference environment's `info`.
        public var name: String
        /// Type of the numbers.
        public var element: ElementType
        /// Shape of one row; empty for a single number.
        public var shape: [Int]

        /// A column.
        ///
        /// - Parameters:
        ///   - name: its name.
        ///   - element: type of the numbers.
        ///   - shape: shape of one row.
        public init(_ name: String, _ element: ElementType, shape: [Int] = []) {
            self.name = name
            self.element = element
            self.shape = shape
        }

        /// Bytes of one row.
        public var rowSize: Int { shape.reduce(element.size, *) }
    }

    /// The task's id, such as `CartPole-v1`.
    public var id: String
    /// Observations of one player.
    public var observation: Space
    /// Actions of one player.
    public var action: Space
    /// Steps after which an episode is truncated; nil for never.
    public var maximumEpisodeSteps: Int?
    /// Return at which the task counts as solved, where its authors give one.
    public var rewardThreshold: Double?
    /// Players of each environment, or of the one that has most; the rows of an environment stand side by side.
    public var players: Int
    /// Extra columns.
    public var columns: [Column]

    /// A specification from its parts.
    ///
    /// - Parameters:
    ///   - id: the task's id.
    ///   - observation: observations of one player.
    ///   - action: actions of one player.
    ///   - maximumEpisodeSteps: steps after which an episode is truncated; nil for never.
    ///   - rewardThreshold: return at which the task counts as solved.
    ///   - players: players of each environment, at least 1.
    ///   - columns: extra columns.
    public init(
        id: String, observation: Space, action: Space, maximumEpisodeSteps: Int? = nil,
        rewardThreshold: Double? = nil, players: Int = 1, columns: [Column] = []
    ) {
        self.id = id
        self.observation = observation
        self.action = action
        self.maximumEpisodeSteps = maximumEpisodeSteps
        self.rewardThreshold = rewardThreshold
        self.players = players
        self.columns = columns
    }
}
