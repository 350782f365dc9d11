/// A road with a small prize to be had anywhere and a big one at its end: a test of patience.
///
/// Action 0 takes the small prize, and the traveller is back at the start; action 1 goes on. Going on from the last
/// place gives the big prize and leads back to the start. Who discounts much takes the small prize again and again.
public struct PrizeRoad: Codable, Hashable, Sendable {
    /// Number of places, at least 1.
    public let places: Int
    /// The prize for turning back.
    public let smallPrize: Double
    /// The prize for going on from the last place.
    public let bigPrize: Double

    /// Creates a road.
    ///
    /// - Parameters:
    ///   - places: number of places, at least 1.
    ///   - smallPrize: the prize for turning back, finite.
    ///   - bigPrize: the prize for going on from the last place, finite.
    /// - Throws: `GameError.notPositive` without places, `.badPayoffs` for prizes that aren't finite.
    public init(places: Int = 6, smallPrize: Double = 0.1, bigPrize: Double = 2) throws(GameError) {
        guard places > 0 else { throw .notPositive(name: "The number of places", value: places) }
        guard smallPrize.isFinite, bigPrize.isFinite else { throw .badPayoffs([smallPrize, bigPrize]) }
        self.places = places
        self.smallPrize = smallPrize
        self.bigPrize = bigPrize
    }

    /// What follows an action.
    ///
    /// - Parameters:
    ///   - action: 0 turns back, 1 goes on.
    ///   - place: from 0 to `places − 1`.
    /// - Returns: the reward and the next place.
    public func outcome(of action: Int, at place: Int) -> (reward: Double, place: Int) {
        if action == 0 { return (smallPrize, 0) }
        return place == places - 1 ? (bigPrize, 0) : (0, place + 1)
    }

    /// The reward a step that a policy can expect, from the start on.
    ///
    /// - Parameters:
    ///   - goingOn: the probability of action 1 at each place.
    ///   - steps: number of steps to take the mean over, at least 1.
    /// - Returns: the mean reward.
    public func meanReward(goingOn: [Double], steps: Int) -> Double {
        precondition(
            goingOn.count == places && steps > 0, "PrizeRoad.meanReward: \(goingOn.count) places, \(steps) steps")
        var distribution = [Double](repeating: 0, count: places)
        distribution[0] = 1
        var total = 0.0
        for _ in 0..<steps {
            var next = [Double](repeating: 0, count: places)
            for place in 0..<places {
                for (action, share) in [(0, 1 - goingOn[place]), (1, goingOn[place])] {
                    let outcome = outcome(of: action, at: place)
                    total += distribution[place] * share * outcome.reward
                    next[outcome.place] += distribution[place] * share
                }
            }
            distribution = next
        }
        return total / Double(steps)
    }

    /// The mean reward a step of always going on, over whole passages.
    public var patientReward: Double { bigPrize / Double(places) }
}
