import Foundation
import RunRecords
import Testing

@testable import Recipes

private struct Inner: Codable, Sendable {
    var rate = 0.5
    var steps = 10
}

private struct Sample: Recipe {
    struct Configuration: RecipeConfiguration {
        var inner = Inner()
        var name = "a"
        var isFast = false
        var sizes = [1, 2]
        var seed = UInt64.max
        init() {}
    }
    static let name = "sample"
    static let field = RecipeField.bandits
    static let paper = "none"
    static let summary = "none"
    static let expectedTime = "none"
    static let smoke = Configuration()
    static let claims: [Claim] = []
    init() {}
    func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] { [:] }
}

@Suite struct SettingTests {
    private func configuration(_ settings: String...) throws -> Sample.Configuration {
        try Sample.configuration(changing: settings.map { try Setting($0) })
    }

    private func message(_ setting: String) -> String {
        do {
            _ = try configuration(setting)
            return "no error"
        } catch {
            return String(describing: error)
        }
    }

    @Test func changesWhatIsNamedAndNothingElse() throws {
        let changed = try configuration(
            "inner.rate=2", "inner.steps=3", "name=b=c", "isFast=true", "sizes=[]", "seed=18446744073709551614")
        #expect(changed.inner.rate == 2)
        #expect(changed.inner.steps == 3)
        #expect(changed.name == "b=c")
        #expect(changed.isFast)
        #expect(changed.sizes == [])
        #expect(changed.seed == UInt64.max - 1)
        #expect(try configuration("name=12").name == "12")
        #expect(try configuration("name=\"quoted\"").name == "quoted")
        #expect(try configuration("name=").name == "")
        #expect(try configuration().seed == UInt64.max)
        #expect(try configuration("inner.rate=1e-3").inner.rate == 1e-3)
    }

    @Test func mistakesGetOneSentenceWithTheWayOut() {
        #expect(message("inner.stpes=3").contains("no setting \"inner.stpes\"; did you mean \"inner.steps\"?"))
        #expect(message("Name=3").contains("did you mean \"name\"?"))
        #expect(message("qqqqqqqq=3").contains("Settings: inner.rate, inner.steps, isFast, name, seed, sizes."))
        #expect(message("inner=3").contains("no setting \"inner\""))
        #expect(message("isFast=maybe") == "isFast=maybe: the value must be true or false, as in isFast=false.")
        #expect(message("inner.steps=many").contains("the value must be a number, as in inner.steps=10."))
        #expect(message("inner.steps=1.5").hasPrefix("inner.steps=1.5: "))
        #expect(message("sizes=3").contains("the value must be a list in brackets, as in sizes=[1,2]."))
        #expect(message("sizes=[\"a\"]").hasPrefix("sizes=[\"a\"]: the field \"sizes.[0]\" has the wrong type"))
        #expect(message("noequals") == "\"noequals\" is not a setting; write name=value.")
        #expect(message("=3") == "\"=3\" is not a setting; write name=value.")
    }

    @Test func nearestNamesAreNearEnough() {
        #expect(editDistance("kitten", "sitting") == 3)
        #expect(editDistance("abcd", "acbd") == 1)
        #expect(editDistance("", "abc") == 3)
        #expect(nearestName(to: "stpes", in: ["rate", "steps"]) == "steps")
        #expect(nearestName(to: "zzzzz", in: ["rate", "steps"]) == nil)
        #expect(nearestName(to: "ubc1", in: ["lola", "ucb1-regret"]) == "ucb1-regret")
        #expect(nearestName(to: "a", in: []) == nil)
    }
}

@Suite struct ClaimTests {
    @Test func holdsOverMeanOrEverySeed() {
        let results = [["x": 1.0], ["x": 3.0]]
        #expect(Claim("x", .atLeast(2)).outcome(of: results).holds)
        #expect(!Claim("x", .atLeast(2), scope: .every).outcome(of: results).holds)
        #expect(Claim("x", .within(1...3), scope: .every).outcome(of: results).holds)
        #expect(!Claim("x", .atMost(1.9)).outcome(of: results).holds)
        #expect(!Claim("x", .above(1), scope: .every).outcome(of: results).holds)
        #expect(Claim("x", .above(0.9), scope: .every).outcome(of: results).holds)
        #expect(Claim("x", .atMost(2)).outcome(of: results).ours?.mean == 2)
    }

    @Test func missingAndUndefinedResultsDontHold() {
        #expect(!Claim("y", .atLeast(0)).outcome(of: [["x": 1]]).holds)
        #expect(!Claim("x", .atLeast(0)).outcome(of: [["x": 1], [:]]).holds)
        #expect(!Claim("x", .atLeast(0)).outcome(of: [["x": .nan]]).holds)
        #expect(!Claim("x", .within(0...1)).outcome(of: [["x": .nan]]).holds)
    }
}

@Suite struct UpperConfidenceBoundTests {
    /// By hand: KL(0.6, 0.9) = 0.6 ln(2/3) + 0.4 ln 4 = 0.311239; ln 1000 = 6.907755.
    @Test func boundsAreThoseOfTheTheorems() throws {
        var configuration = UpperConfidenceBound.Configuration()
        configuration.means = [0.9, 0.6]
        configuration.plays = 1000
        let bounds = try UpperConfidenceBound.Bounds(configuration)
        #expect(abs(bounds.lower - 0.3 / 0.311239 * 6.907755) < 1e-4)
        #expect(abs(bounds.upper - (8 * 6.907755 / 0.3 + 4.289868 * 0.3)) < 1e-4)
    }

    @Test func badArmsAreRefused() async {
        for means in [[], [0.5], [0.5, 0.5], [0.5, 1.5], [.nan, 0.5]] {
            var configuration = UpperConfidenceBound.Configuration()
            configuration.means = means
            #expect(throws: RecipeError.self) { try UpperConfidenceBound.Bounds(configuration) }
        }
    }
}
