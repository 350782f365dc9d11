public import Environments
import Randomness

/// Games for the Atari 2600, such as `Pong-v5`.
///
/// An action is held for four frames. The observation holds the last four pictures, gray, 84 × 84, each the brighter of
/// the last two frames at each pixel. The upper 210 of a frame's rows are seen, also in the games that draw more.
/// The actions are those that the game knows, numbered from 0.
///
/// Columns: `lives`; `reward`, before it is clipped; `terminated`, 1 where the game itself is over; `discount`; `ram`,
/// the 128 bytes of the machine's memory.
///
/// Source: preprocessing as in Mnih et al. 2015, "Human-level control through deep reinforcement learning", Nature 518;
/// details, the order of random numbers included, as in EnvPool 1.2.5 (Weng et al. 2022, arXiv:2206.10558). The games
/// are played by the Arcade Learning Environment (Bellemare et al. 2013, JAIR 47).
public final class AtariGame: EnvironmentKernel {
    /// The specification of a game; of an unknown game, a specification that no pool can be made of.
    ///
    /// - Parameter options: what was chosen.
    /// - Returns: the specification.
    public static func specification(_ options: Options) -> EnvironmentSpecification {
        let cartridge = AtariCartridge.named(options.game)
        let actions = options.usesFullActionSpace ? cartridge?.allActions : cartridge?.minimalActions
        return EnvironmentSpecification(
            id: cartridge?.id ?? options.game,
            observation: .box(
                low: [0], high: [255], shape: [options.planes, options.imageHeight, options.imageWidth],
                element: .uint8),
            action: .discrete(actions?.count ?? 18), maximumEpisodeSteps: options.maximumEpisodeSteps,
            columns: [
                .init("lives", .int32), .init("reward", .float32), .init("terminated", .int32),
                .init("discount", .float32), .init("ram", .uint8, shape: [128]),
            ])
    }

    let options: Options
    let machines: [ArcadeMachine]
    let actions: [Int32]
    let pressesFire: Bool
    private let cartridge: AtariCartridge
    private let reducer: ScreenReducer
    /// `[planesPerFrame, 256]` brightnesses.
    private let levels: StateArray<Float>
    let colors: [UInt8]
    /// `[N, stackCount, planesPerFrame, imageHeight, imageWidth]`, rings of frames.
    let frames: StateArray<UInt8>
    /// The place of each environment's oldest frame in its ring.
    let oldest: StateArray<Int32>
    /// `[N, 210, 160]`, the last frame but one.
    private let screens: StateArray<UInt8>
    /// What the reducer works in, for each environment.
    private let scratch: StateArray<UInt8>
    let lives: StateArray<Int32>
    let elapsed: StateArray<Int32>
    /// The action that a frame repeats.
    let held: StateArray<Int32>
    /// When to repeat; empty where actions never are.
    let repeats: StickyStreams

    /// Makes machines and puts the game in.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - options: what was chosen.
    /// - Throws: `badOption`, or `missingFile` where emulator or game isn't there.
    public init(count: Int, options: Options) throws(EnvironmentError) {
        try Self.check(options)
        let cartridge = try Self.cartridge(options)
        let library = try ArcadeLibrary.open(options.folder)
        let path = try library.path(of: cartridge)
        // In its own mode first, to learn which modes it has.
        if options.mode != nil || options.difficulty != nil {
            try Self.check(options, try ArcadeMachine(library, path: path, mode: -1, difficulty: -1, seed: 0))
        }
        let mode = Int32(clamping: options.mode ?? -1)
        let difficulty = Int32(clamping: options.difficulty ?? -1)
        var machines: [ArcadeMachine] = []
        for _ in 0..<count {
            machines.append(
                try ArcadeMachine(library, path: path, mode: mode, difficulty: difficulty, seed: 0))
        }
        self.options = options
        self.cartridge = cartridge
        self.machines = machines
        let actions = options.usesFullActionSpace ? cartridge.allActions : cartridge.minimalActions
        self.actions = actions
        pressesFire = options.usesFireReset && actions.contains(1)
        let reducer = ScreenReducer(height: options.imageHeight, width: options.imageWidth)
        self.reducer = reducer
        let palette = machines[0].palette()
        colors = palette.colors
        levels = StateArray(options.planesPerFrame * 256)
        for color in 0..<256 {
            if options.isGray {
                levels[color] = Float(palette.gray[color])
            } else {
                for channel in 0..<3 { levels[256 * channel + color] = Float(palette.colors[3 * color + channel]) }
            }
        }
        frames = StateArray(count * options.planes * options.planeSize)
        oldest = StateArray(count)
        screens = StateArray(count * Self.screenSize)
        scratch = StateArray(count * reducer.scratchSize)
        lives = StateArray(count)
        elapsed = StateArray(count)
        held = StateArray(count)
        repeats = StickyStreams(count: options.repeatActionProbability > 0 ? count : 0)
    }

    /// Bytes of a screen that are seen.
    static let screenSize = ScreenReducer.sourceHeight * ScreenReducer.sourceWidth

    /// What frames cost in the emulator, and then the pictures.
    public var stepNanoseconds: Double { 60_000 * Double(options.frameSkip) + 10_000 }
}

// MARK: - Episodes

extension AtariGame {
    /// Starts a game.
    public func reset(_ index: Int, _ generator: inout EnvironmentGenerator, _ row: StepRow<UInt8>) {
        _ = restart(index, isWhole: true, &generator, row)
    }

    /// Starts a game, or goes on with the next life; some frames without an action come first.
    public func restart(
        _ index: Int, isWhole: Bool, _ generator: inout EnvironmentGenerator, _ row: StepRow<UInt8>
    ) -> Int32 {
        let machine = machines[index]
        seed(index, &generator)
        var isNew = isWhole || machine.isFresh || !options.hasEpisodicLife || machine.isOver
        var noops = generator.integer(below: options.noopMaximum) + (pressesFire ? 0 : 1)
        if isNew {
            startGame(index)
            elapsed[index] = 0
        }
        while noops > 0 {
            noops -= 1
            _ = act(index, 0)
            if machine.isOver {
                startGame(index)
                isNew = true
            }
        }
        if pressesFire { _ = act(index, 1) }
        show(index, machine.screen, nil)
        if isNew { spread(index) }
        lives[index] = machine.lives
        write(index, row, reward: 0, discount: 1)
        return elapsed[index]
    }

    /// Gives machine and repeated actions a new seed, if there is one.
    private func seed(_ index: Int, _ generator: inout EnvironmentGenerator) {
        guard let seed = generator.takeSeed() else { return }
        repeats.start(index, seed: seed)
        // Only this game draws random numbers of the emulator's.
        if !machines[index].isFresh || cartridge.name == "adventure" { machines[index].reload(seed: seed) }
    }

    private func startGame(_ index: Int) {
        machines[index].reset()
        held[index] = 0
    }

    /// Plays a frame.
    @inline(__always)
    private func act(_ index: Int, _ action: Int32) -> Int32 {
        guard options.repeatActionProbability > 0 else { return machines[index].act(action) }
        if !repeats.draw(index, options.repeatActionProbability) { held[index] = action }
        return machines[index].act(held[index])
    }

    /// Plays the frames of a step.
    public func step(
        _ index: Int, _ action: UnsafePointer<Int64>, _ generator: inout EnvironmentGenerator, _ row: StepRow<UInt8>
    ) -> StepOutcome {
        let machine = machines[index]
        let action = actions[Int(action[0])]
        var reward: Int32 = 0
        var isOver = false
        var left = options.frameSkip
        while left > 0 && !isOver {
            // The last frame but one is kept before it is drawn over.
            if left == 1 && options.frameSkip > 1 {
                (screens.pointer + index * Self.screenSize).update(from: machine.screen, count: Self.screenSize)
            }
            reward += act(index, action)
            isOver = machine.isOver
            left -= 1
        }
        if left == 0 && options.frameSkip > 1 {
            show(index, screens.pointer + index * Self.screenSize, machine.screen)
        } else if left <= 1 {
            show(index, machine.screen, nil)
        } else {
            repeatFrame(index)
        }
        return finish(index, Float(reward), isOver: isOver, row)
    }

    private func finish(_ index: Int, _ reward: Float, isOver: Bool, _ row: StepRow<UInt8>) -> StepOutcome {
        elapsed[index] += 1
        let before = lives[index]
        let now = machines[index].lives
        lives[index] = now
        let hasEnded = isOver || options.hasEpisodicLife && now > 0 && now < before
        let isCut = elapsed[index] >= Int32(clamping: options.maximumEpisodeSteps)
        let isDiscounted = hasEnded || isCut || options.zeroesDiscountOnLifeLoss && now != before
        write(index, row, reward: reward, discount: isDiscounted ? 0 : 1)
        let given = options.clipsReward ? (reward > 0 ? 1 : reward < 0 ? -1 : 0) : reward
        return StepOutcome(given, isTerminated: hasEnded)
    }
}

// MARK: - Results

extension AtariGame {
    /// Bytes of a frame in an observation.
    var frameSize: Int { options.planesPerFrame * options.planeSize }

    /// Where a frame lies; 0 is the oldest one.
    @inline(__always)
    func frame(_ index: Int, _ age: Int) -> UnsafeMutablePointer<UInt8> {
        var place = Int(oldest[index]) + age
        if place >= options.stackCount { place -= options.stackCount }
        return frames.pointer + (index * options.stackCount + place) * frameSize
    }

    /// Makes room for a newest frame in place of the oldest.
    private func turn(_ index: Int) -> UnsafeMutablePointer<UInt8> {
        let next = oldest[index] + 1
        oldest[index] = next == Int32(options.stackCount) ? 0 : next
        return frame(index, options.stackCount - 1)
    }

    /// Adds what one or two screens show.
    private func show(_ index: Int, _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>?) {
        let target = turn(index)
        for plane in 0..<options.planesPerFrame {
            reducer.reduce(
                first, second, levels: levels.pointer + 256 * plane, into: target + plane * options.planeSize,
                scratch: scratch.pointer + index * reducer.scratchSize)
        }
    }

    /// Adds the newest frame once more.
    private func repeatFrame(_ index: Int) {
        guard options.stackCount > 1 else { return }
        let target = turn(index)
        target.update(from: frame(index, options.stackCount - 2), count: frameSize)
    }

    /// Puts the newest frame in place of all.
    private func spread(_ index: Int) {
        let newest = frame(index, options.stackCount - 1)
        for age in 0..<(options.stackCount - 1) { frame(index, age).update(from: newest, count: frameSize) }
    }

    private func write(_ index: Int, _ row: StepRow<UInt8>, reward: Float, discount: Float) {
        for age in 0..<options.stackCount {
            (row.observation + age * frameSize).update(from: frame(index, age), count: frameSize)
        }
        row.column(0, as: Int32.self).pointee = lives[index]
        row.column(1, as: Float.self).pointee = reward
        row.column(2, as: Int32.self).pointee = machines[index].isOver ? 1 : 0
        row.column(3, as: Float.self).pointee = discount
        row.column(4, width: 128, as: UInt8.self).update(from: machines[index].memory, count: 128)
    }

    /// The screen in colour, all of its rows.
    public func picture(_ index: Int) -> Picture? {
        let machine = machines[index]
        var picture = Picture(width: machine.width, height: machine.height, color: (0, 0, 0))
        for pixel in 0..<(machine.width * machine.height) {
            let color = 3 * Int(machine.screen[pixel])
            for channel in 0..<3 { picture.pixels[3 * pixel + channel] = colors[color + channel] }
        }
        return picture
    }
}
