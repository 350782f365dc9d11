import CArcade
public import Environments
import Synchronization

/// The Arcade Learning Environment as it lies in a folder: emulator, stand-in for Python, games.
///
/// The folder holds `arcade.so` (ale-py's extension module), `python-stub.so` and `roms/*.bin`. The emulator is loaded
/// while the program runs, and stays loaded.
public struct ArcadeLibrary: @unchecked Sendable {
    // Unchecked: what the handle points at is never changed after it was made.
    /// Where everything lies.
    public let folder: String
    /// What the emulator says its version is, such as `0.12.1+8a8fafb`.
    public let version: String
    let handle: OpaquePointer

    private static let place = InstalledFolder("arcade", variable: "LUDUS_ARCADE", mark: "arcade.so")
    private static let opened = Mutex<[String: ArcadeLibrary]>([:])

    /// Where the emulator lies: the folder given, else the one that the variable `LUDUS_ARCADE` names, else the first
    /// `.deps/arcade` in the current folder, the program's folder, or a folder above them.
    ///
    /// - Parameter given: a folder.
    /// - Returns: the folder, or nil where no `.deps/arcade` was found. A folder that was named isn't looked into.
    public static func folder(_ given: String? = nil) -> String? {
        place.find(given)
    }

    /// Whether an emulator lies in the folder that ``folder(_:)`` finds; nothing is loaded.
    ///
    /// - Parameter given: a folder.
    /// - Returns: whether its two libraries can be read.
    public static func isPresent(_ given: String? = nil) -> Bool {
        guard let folder = folder(given) else { return false }
        return ["arcade.so", "python-stub.so"].allSatisfy { InstalledFolder.canRead("\(folder)/\($0)") }
    }

    /// Loads the emulator, once for each folder.
    ///
    /// - Parameter given: a folder; nil for the one that ``folder(_:)`` finds.
    /// - Returns: the emulator.
    /// - Throws: `missingFile` where a library is missing, can't be loaded, or isn't of the version that is known.
    public static func open(_ given: String? = nil) throws(EnvironmentError) -> ArcadeLibrary {
        guard let folder = folder(given) else { throw .missingFile(path: ".deps/arcade/arcade.so", advice: advice) }
        for name in ["arcade.so", "python-stub.so"] where !InstalledFolder.canRead("\(folder)/\(name)") {
            throw .missingFile(path: "\(folder)/\(name)", advice: advice)
        }
        let result = opened.withLock { known in
            Result<ArcadeLibrary, EnvironmentError> { () throws(EnvironmentError) in
                if let library = known[folder] { return library }
                let library = try load(folder)
                known[folder] = library
                return library
            }
        }
        return try result.get()
    }

    private static func load(_ folder: String) throws(EnvironmentError) -> ArcadeLibrary {
        var failure = ArcadeMessage()
        guard
            let handle = ludus_arcade_open(
                folder + "/arcade.so", folder + "/python-stub.so", &failure.bytes, failure.size)
        else { throw .missingFile(path: folder + "/arcade.so", advice: "\(failure.text); \(advice)") }
        return ArcadeLibrary(folder: folder, version: String(cString: ludus_arcade_version(handle)), handle: handle)
    }

    /// Where the file of a game is.
    func path(of cartridge: AtariCartridge) throws(EnvironmentError) -> String {
        let path = "\(folder)/roms/\(cartridge.name).bin"
        guard InstalledFolder.canRead(path) else { throw .missingFile(path: path, advice: Self.advice) }
        return path
    }

    /// Whether the file of a game is in a folder.
    static func has(_ cartridge: AtariCartridge, in folder: String) -> Bool {
        InstalledFolder.canRead("\(folder)/roms/\(cartridge.name).bin")
    }

    private static let advice =
        "Atari games need the emulator of ale-py 0.12.1 and its games: run Scripts/bootstrap, or set LUDUS_ARCADE to a "
        + "folder with arcade.so, python-stub.so and roms"
}

/// Room for a sentence from the emulator.
struct ArcadeMessage {
    let size = 1024
    var bytes = [CChar](repeating: 0, count: 1024)

    /// The sentence.
    var text: String { String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) }
}
