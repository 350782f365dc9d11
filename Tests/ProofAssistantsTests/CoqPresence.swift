import Foundation
import Testing

@testable import ProofAssistants

/// Whether Coq is here, for tests that need it.
enum CoqPresence {
    static let isHere: Bool = {
        for program in ["coqidetop.opt", "coqc"] where (try? ProgramPath.find(program)) == nil {
            print("NOTICE: \(program) isn't installed, so tests against the real Coq are skipped.")
            return false
        }
        return true
    }()

    /// One Coq for all tests that don't need one of their own.
    static let shared = Coq()
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where Coq isn't installed.
    static var needsCoq: Self { .enabled(if: CoqPresence.isHere, "Coq (coqidetop.opt and coqc) isn't installed") }
}

/// A folder that goes away with its owner.
final class ScratchFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("ludus-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a shell script that can be run; its path.
    func script(_ name: String, _ body: String) throws -> String {
        let file = path + "/" + name
        try "#!/bin/sh\n\(body)\n".write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        return file
    }
}

/// Seeded random numbers for mutations.
///
/// SplitMix64, Steele et al. 2014.
struct MutationGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A text with one to four bytes changed, removed, doubled or put in.
    mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<4, using: &self) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(bytes[index], at: index)
            default: bytes.insert("<>/&;\"'(*).{}".utf8.randomElement(using: &self) ?? 60, at: index)
            }
        }
        return bytes
    }
}
