import Foundation

/// What NumPy and C++ drew; made by `Tests/Fixtures/randomness/generate.py`.
struct Golden: Decodable {
    struct Seeding: Decodable {
        let entropy: [UInt32]
        let spawnKey: [UInt32]
        let words: [UInt32]
        let longWords: [String]
    }

    struct PermutedCongruential: Decodable {
        let seed: String
        let state: String
        let increment: String
        let words: [String]
        let halves: [UInt32]
        let doubles: [Double]
        let integersBelow: String
        let integers: [String]
        let advanced: [String]
    }

    struct Twister: Decodable {
        let seed: String
        let calls: [Int]
        let small: [String]
        let large: [String]
    }

    let seedSequences: [Seeding]
    let permutedCongruential: [PermutedCongruential]
    let twisters: [Twister]
    let twisterLongWords: [String]

    /// Normal numbers: the first ones, and the exclusive or of the bits of all.
    struct Normals: Decodable {
        let seed: String
        let first: [Double]
        let count: Int
        let bits: String

        static func load() throws -> [Normals] { try Golden.load("normals") }
    }

    static func load() throws -> Golden { try load("golden") }

    private static func load<Content: Decodable>(_ name: String) throws -> Content {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/randomness/\(name).json").standardizedFileURL
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    }
}
