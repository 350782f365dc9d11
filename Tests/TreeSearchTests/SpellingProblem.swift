import Randomness

@testable import TreeSearch

/// A small problem whose trees a person can read: type one of the listed words.
///
/// The state is what was typed in small letters, so "Ca" and "ca" are one state with two prefixes. "_" types nothing: the
/// state stays the same. A letter with which no listed word goes on is an error.
struct SpellingProblem: SearchProblem {
    var words = ["bad", "beach", "bead", "cab", "cabbage", "dad", "dead", "decade", "face", "faded"]
    var target = "decade"

    var root: SearchPoint<String, String> { SearchPoint(state: "", prefix: "") }

    func evaluate(
        _ proposal: String, from point: SearchPoint<String, String>
    ) async throws -> ProposalEvaluation<String, String, String> {
        outcome(of: proposal, from: point)
    }

    func outcome(
        of proposal: String, from point: SearchPoint<String, String>
    ) -> ProposalEvaluation<String, String, String> {
        var result = ProposalEvaluation<String, String, String>(segments: [])
        var current = point
        for letter in proposal {
            current.prefix.append(letter)
            if letter != "_" { current.state += letter.lowercased() }
            guard words.contains(where: { $0.hasPrefix(current.state) }) else { break }
            result.segments.append(current)
            if current.state == target {
                result.solution = current.prefix
                break
            }
        }
        return result
    }
}

/// Types letters at random.
struct SpellingGenerator: ProposalGenerator {
    var letters = Array("abcdefghABCDEFGH_")

    func propose(_ requests: [ProposalRequest<String, String>]) async throws -> [String] {
        requests.map(proposal)
    }

    func proposal(for request: ProposalRequest<String, String>) -> String {
        var generator = SplittableGenerator(seed: request.seed)
        return String((0..<6).map { _ in letters[generator.integer(below: letters.count)] })
    }
}
