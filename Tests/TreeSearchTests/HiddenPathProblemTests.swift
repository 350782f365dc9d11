import Testing

@testable import TreeSearch

@Suite struct HiddenPathProblemTests {
    /// Every one of the 3⁴ sequences: exactly one solves when choices are not merged.
    @Test func oneSequenceSolves() {
        for seed in UInt64(0)..<20 {
            let problem = HiddenPathProblem(length: 4, branching: 3, errorRate: 0.4, seed: seed)
            var solutions: [[UInt8]] = []
            for number in 0..<81 {
                let choices = [number % 3, number / 3 % 3, number / 9 % 3, number / 27].map(UInt8.init)
                let result = problem.outcome(of: choices, from: problem.root)
                #expect(result.segments.map(\.prefix) == (0..<result.segments.count).map { Array(choices[...$0]) })
                if let solution = result.solution { solutions.append(solution) }
            }
            var state = problem.root.state
            var path: [UInt8] = []
            for _ in 0..<4 {
                path.append(problem.rightChoice(in: state))
                state = problem.outcome(of: path, from: problem.root).segments.last?.state ?? state
            }
            #expect(solutions == [path])
        }
    }

    @Test func resumingEqualsRunningFromTheRoot() {
        let problem = HiddenPathProblem(length: 6, branching: 4, errorRate: 0.1, mergesPairs: true, seed: 3)
        let whole = problem.outcome(of: [1, 2, 3, 0, 1, 2], from: problem.root)
        for (index, point) in whole.segments.enumerated() {
            let rest: [UInt8] = Array([1, 2, 3, 0, 1, 2].dropFirst(index + 1))
            let resumed = problem.outcome(of: rest, from: point)
            #expect(resumed.segments == Array(whole.segments.dropFirst(index + 1)))
        }
    }

    @Test func pairsMerge() {
        let problem = HiddenPathProblem(length: 3, branching: 4, errorRate: 0, mergesPairs: true, seed: 4)
        let states = (UInt8(0)..<4).map { problem.outcome(of: [$0], from: problem.root).segments.map(\.state) }
        #expect(states[0] == states[1] && states[2] == states[3] && states[0] != states[2])
        #expect(problem.outcome(of: [4], from: problem.root).segments.isEmpty)
    }

    @Test func skillKnowsTheNextChoice() async throws {
        let problem = HiddenPathProblem(length: 3, branching: 200, seed: 5)
        let requests = (UInt64(0)..<50).map { ProposalRequest(point: problem.root, seed: $0) }
        let proposals = try await HiddenPathGenerator(for: problem, skill: 1).propose(requests)
        #expect(proposals.allSatisfy { $0.first == problem.rightChoice(in: problem.root.state) && $0.count == 3 })
    }

    @Test func mistakesTrap() async {
        await #expect(processExitsWith: .failure) { _ = HiddenPathProblem(branching: 1) }
        await #expect(processExitsWith: .failure) { _ = HiddenPathGenerator(for: HiddenPathProblem(), skill: 2) }
    }
}
