public import Environments
public import Randomness
import Tensors

/// Lets a policy act in a pool of environments, and writes down what happened.
///
/// The pool must reset environments in the step after an episode's end (`AutoresetMode.nextStep`). What is collected
/// depends on the seeds and the network only, whatever the pool's threads. It belongs to one thread at a time.
public final class RolloutCollector {
    /// What the last call of ``collect(with:)`` wrote.
    public let memory: RolloutMemory
    /// How actions are drawn.
    public let head: ActionHead
    /// How it works.
    public let options: RolloutOptions
    /// The returns of the last episodes, as the environments gave their rewards.
    public internal(set) var episodes = EpisodeWindow()
    /// Steps of all environments so far, resets included.
    public internal(set) var stepCount = 0
    let pool: EnvironmentPool
    let count: Int
    private let element: ElementType
    var generator: SplittableGenerator
    var moments: RunningMoments?
    var scaling: RewardScaling?
    private let parameters: UnsafeMutablePointer<Float>
    private let sent: UnsafeMutableRawBufferPointer
    var isStarted = false

    /// A collector for a pool.
    ///
    /// - Parameters:
    ///   - pool: synchronous, with `AutoresetMode.nextStep` and one player.
    ///   - options: how it works.
    ///   - generator: where actions are drawn from.
    /// - Throws: ``ReinforcementLearningError`` for pools, tasks or options that can't be used.
    public init(
        _ pool: EnvironmentPool, options: RolloutOptions, generator: SplittableGenerator
    ) throws(ReinforcementLearningError) {
        let specification = pool.specification
        guard !pool.isAsynchronous, pool.options.autoreset == .nextStep, specification.players == 1 else {
            throw .badOption(
                name: "pool", reason: "it must be synchronous, reset in the next step, and have one player")
        }
        guard options.steps >= 1 else {
            throw .badOption(name: "steps", reason: "it is \(options.steps), must be at least 1")
        }
        guard case .box(_, _, _, let element) = specification.observation,
            [.float32, .float64, .uint8].contains(element)
        else { throw .unsupportedObservations(space: "\(specification.observation)") }
        if options.normalizesObservations, element == .uint8 {
            throw .badOption(name: "normalizesObservations", reason: "observations are pictures")
        }
        self.pool = pool
        self.options = options
        self.element = element
        self.generator = generator
        count = pool.count
        head = try ActionHead(specification.action)
        memory = RolloutMemory(
            steps: options.steps, environments: pool.count, observation: specification.observation, head: head)
        moments = options.normalizesObservations ? RunningMoments(size: specification.observation.count) : nil
        scaling =
            options.scalesRewards ? RewardScaling(environments: pool.count, discount: options.discount) : nil
        parameters = .allocate(capacity: pool.count * head.outputs)
        parameters.initialize(repeating: 0, count: pool.count * head.outputs)
        sent = .allocate(byteCount: pool.count * head.sentBytes, alignment: 16)
        sent.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        parameters.deallocate()
        sent.deallocate()
    }

    /// Runs a network's policy for T steps, and estimates advantages and returns.
    ///
    /// - Parameter network: what acts; it isn't changed.
    /// - Returns: the memory, valid until the next call.
    /// - Throws: `EnvironmentError` where an environment fails, `badOption` where inference can't be fused.
    public func collect<Network: ActorCritic>(with network: Network) throws -> RolloutMemory {
        let fused = try fusedPolicy(of: network)
        let logDeviation = network.logDeviation?.array(of: Float.self) ?? []
        if isStarted {
            memory.turnOver()
        } else {
            let batch = try pool.reset()
            take(batch, step: 0)
            isStarted = true
        }
        try withoutGradients {
            for step in 0..<options.steps {
                act(network, fused, step)
                try advance(step, logDeviation)
            }
            evaluate(network)
        }
        estimate()
        return memory
    }

    /// Up to so many rows the fused path is the faster one.
    static let fusedRows = 64

    private func fusedPolicy<Network: ActorCritic>(
        of network: Network
    ) throws(ReinforcementLearningError) -> FusedDensePolicy? {
        if options.inference == .tensors { return nil }
        guard let layers = network.densePolicy else {
            if options.inference == .automatic { return nil }
            throw .badOption(name: "inference", reason: "it is fused, but the network isn't dense")
        }
        if options.inference == .automatic, count > Self.fusedRows { return nil }
        return FusedDensePolicy(layers)
    }

    /// Runs the policy, and the values where they come with it.
    private func act<Network: ActorCritic>(_ network: Network, _ fused: FusedDensePolicy?, _ step: Int) {
        if let fused {
            fused(
                memory.observations(of: step).assumingMemoryBound(to: Float.self), count: count, into: parameters)
            return
        }
        let observations = memory.observationTensor(step..<(step + 1))
        guard Network.sharesLayers else {
            network.parameters(observations).copy(to: parameters)
            return
        }
        let output = network(observations)
        output.parameters.copy(to: parameters)
        output.values.copy(to: memory.values + step * count)
    }

    /// Draws actions and steps the environments.
    private func advance(_ step: Int, _ logDeviation: [Float]) throws {
        let chosen = memory.actions + step * count * memory.actionSize
        head.draw(
            parameters, logDeviation, count: count, chosen: chosen, memory.logProbabilities + step * count,
            using: &generator)
        guard let sentStart = sent.baseAddress else { return }
        head.send(chosen, count: count, to: sentStart)
        let place = step * count
        if element == .float64 {
            let batch = try pool.step(UnsafeRawBufferPointer(sent))
            for index in 0..<count {
                memory.rewards[place + index] = batch.rewards[index]
                memory.terminated[place + index] = batch.terminated[index]
                memory.truncated[place + index] = batch.truncated[index]
            }
            take(batch, step: step + 1)
            finish(batch, step)
        } else {
            let row = RolloutRow(
                observations: memory.observations(of: step + 1), rewards: memory.rewards + place,
                terminated: memory.terminated + place, truncated: memory.truncated + place)
            let batch = try pool.step(UnsafeRawBufferPointer(sent), into: row)
            normalize(step: step + 1)
            finish(batch, step)
        }
    }

    /// Copies a batch's observations as float32 numbers or bytes.
    private func take(_ batch: StepBatch, step: Int) {
        let target = memory.observations(of: step)
        if element == .float64 {
            let numbers = target.assumingMemoryBound(to: Float.self)
            let source = batch.observations(as: Double.self)
            for index in source.indices { numbers[index] = Float(source[index]) }
        } else if let start = batch.observationBytes.baseAddress {
            target.copyMemory(from: start, byteCount: batch.observationBytes.count)
        }
        normalize(step: step)
    }

    private func normalize(step: Int) {
        guard moments != nil else { return }
        let numbers = memory.observations(of: step).assumingMemoryBound(to: Float.self)
        moments?.add(numbers, count: count)
        moments?.normalize(numbers, count: count)
    }

    /// Counts episodes, marks the resets that follow, scales rewards.
    private func finish(_ batch: StepBatch, _ step: Int) {
        let place = step * count
        let resets = memory.resets + place
        let next = resets + count
        for index in 0..<count {
            next[index] = memory.terminated[place + index] | memory.truncated[place + index]
            if next[index] != 0 { episodes.add(Double(batch.episodeReturns[index])) }
        }
        scaling?.scale(memory.rewards + place, ended: next, resets: resets)
        stepCount += count
    }

    /// Values of all observations at once, or of the last ones where the others are there.
    private func evaluate<Network: ActorCritic>(_ network: Network) {
        let steps = options.steps
        let range = Network.sharesLayers ? steps..<(steps + 1) : 0..<(steps + 1)
        let values = network.values(memory.observationTensor(range))
        values.copy(to: memory.values + range.lowerBound * count)
    }

    private func estimate() {
        GeneralizedAdvantage(discount: options.discount, trace: options.trace).estimate(
            rewards: memory.rewards, values: memory.values, terminated: memory.terminated,
            truncated: memory.truncated, resets: memory.resets, steps: options.steps, environments: count,
            advantages: memory.advantages)
        for row in 0..<(options.steps * count) { memory.returns[row] = memory.advantages[row] + memory.values[row] }
    }
}

extension Tensor {
    /// Copies float32 elements.
    func copy(to target: UnsafeMutablePointer<Float>) {
        withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: bytes.count)
        }
    }
}
