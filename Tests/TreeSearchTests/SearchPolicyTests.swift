import Foundation
import Testing

@testable import TreeSearch

@Suite struct SearchPolicyTests {
    @Test func presets() {
        #expect(
            SearchPolicy(.rmaxts) == SearchPolicy(selection: .tree, reward: .novelty, discount: 0.99, exploration: 2))
        #expect(SearchPolicy(.ucb1) == SearchPolicy(selection: .tree, reward: .novelty, discount: 1, exploration: 2))
        #expect(SearchPolicy(.uct) == SearchPolicy(selection: .tree, reward: .solution, discount: 1, exploration: 2))
        #expect(SearchPolicy(.sample).selection == .root)
        #expect(Set(SearchPolicy.Preset.allCases.map(SearchPolicy.init)).count == 4)
    }

    @Test func optionsSurviveStorage() throws {
        let options = SearchOptions(
            policy: .uct, trees: 3, batch: 4, jobsInFlight: 9, isReproducible: false, seed: .max)
        let data = try JSONEncoder().encode(options)
        #expect(try JSONDecoder().decode(SearchOptions.self, from: data) == options)
    }

    @Test func everyOptionIsChecked() {
        var broken: [SearchOptions] = []
        func add(_ change: (inout SearchOptions) -> Void) {
            var options = SearchOptions()
            change(&options)
            broken.append(options)
        }
        add { $0.trees = 0 }
        add { $0.generationsPerTree = 0 }
        add { $0.trees = 1 << 40 }
        add { $0.trees = .max }
        add { $0.batch = 0 }
        add { $0.jobsInFlight = 0 }
        add { $0.solutionLimit = 0 }
        add { $0.failureLimit = 0 }
        add { $0.policy.discount = 0 }
        add { $0.policy.discount = 1.5 }
        add { $0.policy.discount = .nan }
        add { $0.policy.exploration = -1 }
        add { $0.policy.exploration = .infinity }
        for options in broken {
            #expect(throws: SearchError.self) { try options.check() }
        }
        #expect(throws: Never.self) { try SearchOptions().check() }
    }

    @Test func errorsSaySomething() {
        let error = SearchError.invalidOption(name: "batch", value: "0", requirement: "at least 1")
        #expect(error.description == "Search option batch is 0; it must be at least 1.")
        let count = SearchError.wrongProposalCount(requested: 3, received: 2)
        #expect(count.description.contains("asked for 3 proposals and gave 2"))
    }
}
