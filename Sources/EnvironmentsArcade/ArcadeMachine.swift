import CArcade
import Environments

/// One emulator with a game in it.
final class ArcadeMachine: @unchecked Sendable {
    // Unchecked: the engine never works on one environment from two threads at a time.
    private let machine: OpaquePointer
    private let path: String
    private let mode: Int32
    private let difficulty: Int32
    /// Whether nothing was played since the game was loaded.
    private(set) var isFresh = true
    /// `[height, width]` colour numbers of the last frame.
    private(set) var screen: UnsafeMutablePointer<UInt8>
    /// 128 bytes.
    private(set) var memory: UnsafePointer<UInt8>
    /// Rows of the screen.
    let height: Int
    /// Pixels in a row.
    let width: Int

    init(
        _ library: ArcadeLibrary, path: String, mode: Int32, difficulty: Int32, seed: UInt64
    ) throws(EnvironmentError) {
        var failure = ArcadeMessage()
        guard let machine = ludus_arcade_create(library.handle, &failure.bytes, failure.size) else {
            throw .missingFile(path: library.folder + "/arcade.so", advice: failure.text)
        }
        self.machine = machine
        self.path = path
        self.mode = mode
        self.difficulty = difficulty
        if let reason = Self.load(machine, path: path, mode: mode, difficulty: difficulty, seed: seed) {
            ludus_arcade_destroy(machine)
            throw .missingFile(path: path, advice: reason)
        }
        screen = ludus_arcade_screen(machine)
        memory = ludus_arcade_ram(machine)
        height = Int(ludus_arcade_screen_height(machine))
        width = Int(ludus_arcade_screen_width(machine))
    }

    deinit { ludus_arcade_destroy(machine) }

    /// Loads the game; tells what went wrong, or nil.
    private static func load(
        _ machine: OpaquePointer, path: String, mode: Int32, difficulty: Int32, seed: UInt64
    ) -> String? {
        var failure = ArcadeMessage()
        let seed = Int32(truncatingIfNeeded: seed & 0x7fff_ffff)
        let options = ludus_arcade_options(seed: seed, mode: mode, difficulty: difficulty, frame_limit: 0)
        return ludus_arcade_load(machine, path, options, &failure.bytes, failure.size) == 0 ? nil : failure.text
    }

    /// Loads the game anew, as if the machine had just been made.
    func reload(seed: UInt64) {
        if let reason = Self.load(machine, path: path, mode: mode, difficulty: difficulty, seed: seed) {
            preconditionFailure("\(path) could be read before, and now can't: \(reason)")
        }
        screen = ludus_arcade_screen(machine)
        memory = ludus_arcade_ram(machine)
        isFresh = true
    }

    /// Starts the game.
    func reset() {
        isFresh = false
        ludus_arcade_reset(machine)
    }

    /// Plays a frame and gives its reward.
    func act(_ action: Int32) -> Int32 { ludus_arcade_act(machine, action) }

    /// Whether the game is over.
    var isOver: Bool { ludus_arcade_is_over(machine) }

    /// Lives left.
    var lives: Int32 { ludus_arcade_lives(machine) }

    /// Brightness of each colour number, then red, green and blue of each.
    func palette() -> (gray: [UInt8], colors: [UInt8]) {
        var gray = [UInt8](repeating: 0, count: 256)
        var colors = [UInt8](repeating: 0, count: 768)
        ludus_arcade_palette(machine, &gray, &colors)
        return (gray, colors)
    }

    /// The game's actions; all that the emulator takes, or only those that do something.
    func actions(minimal: Bool) -> [Int32] {
        numbers { ludus_arcade_actions(machine, minimal, $0, $1) }
    }

    /// The modes that the game has.
    var modes: [Int32] { numbers { ludus_arcade_modes(machine, $0, $1) } }

    /// The difficulties that the game has.
    var difficulties: [Int32] { numbers { ludus_arcade_difficulties(machine, $0, $1) } }

    private func numbers(_ get: (UnsafeMutablePointer<Int32>, Int32) -> Int32) -> [Int32] {
        var values = [Int32](repeating: 0, count: 512)
        let count = get(&values, Int32(values.count))
        return Array(values.prefix(Int(count)))
    }

    /// The state of game and machine as bytes, the picture apart.
    func state() -> [UInt8] {
        let size = ludus_arcade_save(machine, nil, 0)
        precondition(size > 0, "\(path): the emulator doesn't give its state")
        var bytes = [UInt8](repeating: 0, count: Int(size))
        // The state may grow by a digit between the calls only if somebody plays meanwhile.
        _ = ludus_arcade_save(machine, &bytes, bytes.count)
        return bytes
    }

    /// Takes a state that ``state()`` gave.
    func restore(_ bytes: UnsafeBufferPointer<UInt8>) throws(EnvironmentError) {
        var failure = ArcadeMessage()
        guard let start = bytes.baseAddress, !bytes.isEmpty else { throw .badSnapshot(reason: "it is too short") }
        guard ludus_arcade_restore(machine, start, bytes.count, &failure.bytes, failure.size) == 0 else {
            throw .badSnapshot(reason: failure.text)
        }
        isFresh = false
    }
}
