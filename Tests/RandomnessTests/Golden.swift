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

    static func load() throws -> Golden {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/randomness/golden.json").standardizedFileURL
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }
}
