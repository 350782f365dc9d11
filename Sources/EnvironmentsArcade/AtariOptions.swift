import Environments

extension AtariGame {
    /// What can be chosen about a game; the standard values are EnvPool's.
    public struct Options: Sendable, Codable, Hashable {
        /// The file's name without `.bin`, such as `ms_pacman`.
        public var game: String
        /// Frames in an observation, at least 1.
        public var stackCount = 4
        /// Frames that an action is held for, at least 1; the last two become one picture.
        public var frameSkip = 4
        /// The most frames without an action that an episode starts with; at least one is played.
        public var noopMaximum = 30
        /// Whether the button is pressed once at the start of an episode, in games that know it.
        public var usesFireReset = true
        /// Whether an episode ends with a life; the game goes on with the next one.
        public var hasEpisodicLife = false
        /// Whether rewards become −1, 0 or 1; the column `reward` holds them as they were.
        public var clipsReward = false
        /// Whether the column `discount` is 0 where a life was lost.
        public var zeroesDiscountOnLifeLoss = false
        /// Chance that a frame takes the last action instead of the new one, from 0 to 1.
        public var repeatActionProbability: Float = 0
        /// Whether actions are numbers of the emulator's 18, not of those that the game knows.
        public var usesFullActionSpace = false
        /// A mode of the game; nil for its own.
        public var mode: Int?
        /// A difficulty of the game; nil for its own.
        public var difficulty: Int?
        /// Whether observations are gray; else red, green and blue pictures follow each other for each frame.
        public var isGray = true
        /// Rows of a picture, from 1 to 210.
        public var imageHeight = 84
        /// Pixels in a row of a picture, from 1 to 160.
        public var imageWidth = 84
        /// Steps after which a game is truncated, lives apart.
        public var maximumEpisodeSteps = 27_000
        /// Where emulator and games are; nil for where ``ArcadeLibrary/folder(_:)`` finds them.
        public var folder: String?

        /// A game with the standard values.
        ///
        /// - Parameter game: the file's name without `.bin`, such as `ms_pacman`.
        public init(game: String) {
            self.game = game
        }

        /// Pictures in an observation: frames, three for each in colour.
        var planes: Int { stackCount * planesPerFrame }
        /// Pictures for each frame.
        var planesPerFrame: Int { isGray ? 1 : 3 }
        /// Numbers in a picture.
        var planeSize: Int { imageHeight * imageWidth }
    }

    /// Complains about options that no game can have.
    static func check(_ options: Options) throws(EnvironmentError) {
        let ranges: [(String, Int, ClosedRange<Int>)] = [
            ("stackCount", options.stackCount, 1...1024), ("frameSkip", options.frameSkip, 1...1024),
            ("noopMaximum", options.noopMaximum, 1...100_000),
            ("imageHeight", options.imageHeight, 1...ScreenReducer.sourceHeight),
            ("imageWidth", options.imageWidth, 1...ScreenReducer.sourceWidth),
            ("maximumEpisodeSteps", options.maximumEpisodeSteps, 1...Int(Int32.max)),
        ]
        for (name, value, range) in ranges where !range.contains(value) {
            throw .badOption(
                name: name, reason: "it is \(value), must be from \(range.lowerBound) to \(range.upperBound)")
        }
        guard options.repeatActionProbability >= 0, options.repeatActionProbability <= 1 else {
            throw .badOption(
                name: "repeatActionProbability", reason: "it is \(options.repeatActionProbability), must be from 0 to 1"
            )
        }
    }

    /// The game of the options.
    static func cartridge(_ options: Options) throws(EnvironmentError) -> AtariCartridge {
        if let cartridge = AtariCartridge.named(options.game) { return cartridge }
        throw .badOption(
            name: "game",
            reason: "\(options.game) isn't one of \(AtariCartridge.known.count) known games, such as pong or ms_pacman")
    }

    /// Complains about a mode or difficulty that the game in a machine doesn't have.
    static func check(_ options: Options, _ machine: ArcadeMachine) throws(EnvironmentError) {
        for (name, value, known) in [
            ("mode", options.mode, machine.modes), ("difficulty", options.difficulty, machine.difficulties),
        ] {
            guard let value, !known.contains(where: { Int($0) == value }) else { continue }
            throw .badOption(
                name: name,
                reason: "\(options.game) has no \(value), but \(known.map(String.init).joined(separator: ", "))")
        }
    }
}
