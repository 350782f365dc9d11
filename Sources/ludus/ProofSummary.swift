import Foundation
import Synchronization
import TheoremProving

/// How many statements ended how.
struct ProofSummary: Codable {
    let statements: Int
    let proved: Int
    let undecided: Int
    let rejected: Int
    let failed: Int
    /// Records of the file that couldn't be read.
    let unread: Int
    let names: [String]

    init(outcomes: [ProofOutcome], unread: Int) {
        func count(_ kind: ProofOutcome.Kind) -> Int { outcomes.count { $0.kind == kind } }
        statements = outcomes.count
        proved = count(.proved)
        undecided = count(.undecided)
        rejected = count(.rejected)
        failed = count(.infrastructure)
        self.unread = unread
        names = outcomes.filter { $0.kind == .proved }.map(\.name)
    }

    /// One line for people.
    var sentence: String {
        var parts = ["\(proved) of \(statements) proved"]
        if undecided > 0 { parts.append("\(undecided) open") }
        if rejected > 0 { parts.append("\(rejected) refused by Coq as statements") }
        if failed > 0 { parts.append("\(failed) not decided because something failed") }
        if unread > 0 { parts.append("\(unread) unreadable") }
        return parts.joined(separator: ", ") + "."
    }
}

/// Counts proofs as they come, from any task.
final class ProofCounter: Sendable {
    private let proved = Mutex(0)

    /// Takes note of an outcome, and gives the number of proofs so far.
    func add(_ outcome: ProofOutcome) -> Int {
        proved.withLock {
            if outcome.kind == .proved { $0 += 1 }
            return $0
        }
    }
}

/// Where models lie that come with the project.
enum ModelFolder {
    /// The folder of a model: in `Models` here, or of the checkout that the program was built in.
    static func find(_ name: String) -> URL? {
        let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        var places = [here]
        var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        for _ in 0..<5 {
            place.deleteLastPathComponent()
            places.append(place)
        }
        return places.map { $0.appendingPathComponent("Models/\(name)") }
            .first { FileManager.default.fileExists(atPath: $0.appendingPathComponent("config.json").path) }
    }
}
