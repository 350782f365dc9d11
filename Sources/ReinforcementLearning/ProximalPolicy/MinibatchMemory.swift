import Tensors

/// Room for the rows of one minibatch side by side; tensors look at it directly.
final class MinibatchMemory {
    private let rollout: RolloutMemory
    private let capacity: Int
    private let observations: UnsafeMutableRawPointer
    private let actions: UnsafeMutableRawPointer
    /// `[4, capacity]`: ln p, advantages, returns, values.
    private let numbers: UnsafeMutablePointer<Float>

    init(_ rollout: RolloutMemory, capacity: Int) {
        self.rollout = rollout
        self.capacity = capacity
        observations = .allocate(byteCount: capacity * rollout.observationSize, alignment: 64)
        actions = .allocate(byteCount: capacity * rollout.actionSize, alignment: 64)
        numbers = .allocate(capacity: 4 * capacity)
        observations.initializeMemory(as: UInt8.self, repeating: 0, count: capacity * rollout.observationSize)
        actions.initializeMemory(as: UInt8.self, repeating: 0, count: capacity * rollout.actionSize)
        numbers.initialize(repeating: 0, count: 4 * capacity)
    }

    deinit {
        observations.deallocate()
        actions.deallocate()
        numbers.deallocate()
    }

    /// Copies rows of the rollout here.
    ///
    /// - Parameters:
    ///   - rows: which ones, at most `capacity`.
    ///   - normalizesAdvantages: whether advantages get mean 0 and deviation 1 (with n − 1).
    /// - Returns: tensors that look at this memory; they must be gone before the next call.
    func gather(_ rows: ArraySlice<Int32>, normalizesAdvantages: Bool) -> ProximalPolicyBatch {
        let sources = [rollout.logProbabilities, rollout.advantages, rollout.returns, rollout.values]
        for (place, row) in rows.enumerated() {
            let row = Int(row)
            copy(rollout.observations, observations, row, place, rollout.observationSize)
            copy(rollout.actions, actions, row, place, rollout.actionSize)
            for index in 0..<4 { numbers[index * capacity + place] = sources[index][row] }
        }
        let count = rows.count
        if normalizesAdvantages { standardize(numbers + capacity, count: count) }
        func view(_ index: Int) -> Tensor {
            Tensor(viewing: numbers + index * capacity, shape: [count], dtype: .float32, owner: self)
        }
        let width = rollout.actionSize / 4
        return ProximalPolicyBatch(
            observations: Tensor(
                viewing: observations, shape: [count] + rollout.observationShape,
                dtype: rollout.isBytes ? .uint8 : .float32, owner: self),
            actions: Tensor(
                viewing: actions, shape: rollout.isContinuous ? [count, width] : [count],
                dtype: rollout.isContinuous ? .float32 : .int64, owner: self),
            logProbabilities: view(0), advantages: view(1), returns: view(2), values: view(3))
    }

    private func copy(
        _ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer, _ row: Int, _ place: Int, _ size: Int
    ) {
        (target + place * size).copyMemory(from: source + row * size, byteCount: size)
    }

    private func standardize(_ values: UnsafeMutablePointer<Float>, count: Int) {
        guard count > 1 else { return }
        var sum = 0.0
        for index in 0..<count { sum += Double(values[index]) }
        let mean = sum / Double(count)
        var squares = 0.0
        for index in 0..<count { squares += (Double(values[index]) - mean) * (Double(values[index]) - mean) }
        let scale = 1 / ((squares / Double(count - 1)).squareRoot() + 1e-8)
        for index in 0..<count { values[index] = Float((Double(values[index]) - mean) * scale) }
    }
}
