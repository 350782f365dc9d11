import Randomness
import Tensors

/// Sampled travel of several learners, each with many travellers.
struct RoadRollout {
    /// Kind of each step, 2 · place + action, `[learners, steps · travellers]`.
    let choices: Tensor
    /// Place of each step, of the same shape.
    let places: Tensor
    /// Place after each step, of the same shape.
    let nextPlaces: Tensor
    /// Rewards, `[steps, learners, travellers]`.
    let rewards: Tensor

    /// Travels on from where the travellers are.
    ///
    /// `goingOn` has the probability of action 1 by learner and place, `travellers` places by learner and traveller,
    /// which move on.
    init(
        _ road: PrizeRoad, goingOn: [[Double]], steps: Int, travellers: inout [[Int]],
        using generator: inout SplittableGenerator
    ) {
        let (learners, count) = (travellers.count, travellers.first?.count ?? 0)
        var choices: [Int] = []
        var places: [Int] = []
        var nextPlaces: [Int] = []
        var rewards = [Double](repeating: 0, count: learners * steps * count)
        for learner in 0..<learners {
            for step in 0..<steps {
                for traveller in 0..<count {
                    let place = travellers[learner][traveller]
                    let action = generator.uniform() < goingOn[learner][place] ? 1 : 0
                    let outcome = road.outcome(of: action, at: place)
                    choices.append(2 * place + action)
                    places.append(place)
                    nextPlaces.append(outcome.place)
                    rewards[(step * learners + learner) * count + traveller] = outcome.reward
                    travellers[learner][traveller] = outcome.place
                }
            }
        }
        self.choices = Tensor(choices, shape: [learners, steps * count], dtype: .int64)
        self.places = Tensor(places, shape: [learners, steps * count], dtype: .int64)
        self.nextPlaces = Tensor(nextPlaces, shape: [learners, steps * count], dtype: .int64)
        self.rewards = Tensor(rewards, shape: [steps, learners, count], dtype: .float64)
    }

    /// What a table says at the steps: `[learners, n]` by index to `[steps, learners, travellers]`.
    func looked(up index: Tensor, in table: Tensor) -> Tensor {
        let (steps, learners, count) = (rewards.shape[0], rewards.shape[1], rewards.shape[2])
        return table.gather(dimension: 1, index).reshaped([learners, steps, count]).movedDimension(from: 1, to: 0)
    }
}
