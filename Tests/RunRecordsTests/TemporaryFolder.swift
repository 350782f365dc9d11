import Foundation

/// A fresh folder that goes away with the value's last reference.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("ludus-\(UUID().uuidString)").standardizedFileURL
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        _ = chmod(url.path, 0o755)
        try? FileManager.default.removeItem(at: url)
    }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}

/// SplitMix64 (Steele, Lea and Flood 2014); enough randomness for tests without another module.
struct SplitMix: RandomNumberGenerator, Codable {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
