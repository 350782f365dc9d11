public import Randomness

/// Which examples make up which batch, epoch after epoch.
///
/// Each epoch shuffles the examples, sorts them by length inside windows of a few batches, so that little padding is
/// needed, cuts them into batches and shuffles the batches. All of it follows from the generator and the number of
/// the epoch, so a stored ``position`` is enough to go on exactly where a run stopped.
public struct BatchSchedule: Sendable {
    /// How batches are formed.
    public struct Options: Hashable, Codable, Sendable {
        /// Most examples in a batch.
        public var batchSize: Int
        /// Most tokens in a batch, padding included; a single example may be longer.
        ///
        /// Nil: no limit.
        public var maximumTokens: Int?
        /// Number of batches' worth of examples that are sorted by length together; 1 sorts nothing across batches.
        public var sortingWindow: Int

        /// Options for batches of similar lengths.
        public init(batchSize: Int, maximumTokens: Int? = nil, sortingWindow: Int = 16) {
            self.batchSize = batchSize
            self.maximumTokens = maximumTokens
            self.sortingWindow = sortingWindow
        }
    }

    /// How far a schedule has come.
    ///
    /// The next batch is number `batch` of epoch `epoch`, both counted from 0.
    public struct Position: Hashable, Codable, Sendable {
        /// Number of whole passes over the examples that lie behind.
        public var epoch: Int
        /// Number of batches of the present epoch that lie behind.
        public var batch: Int

        /// A position; the default is the beginning.
        public init(epoch: Int = 0, batch: Int = 0) {
            self.epoch = epoch
            self.batch = batch
        }
    }

    private let lengths: [Int]
    private let options: Options
    private let generator: SplittableGenerator
    private var batches: [[Int]]
    /// How far the schedule has come; store it to resume.
    public private(set) var position: Position

    /// A schedule.
    ///
    /// - Parameters:
    ///   - lengths: tokens of each example, at least one example.
    ///   - options: how batches are formed.
    ///   - generator: decides every order; the same generator gives the same schedule.
    ///   - position: where to begin. One that lies beyond the end of its epoch stands for the start of the next.
    public init(
        lengths: [Int], options: Options, generator: SplittableGenerator, position: Position = Position()
    ) {
        precondition(!lengths.isEmpty, "a schedule needs at least one example")
        precondition(options.batchSize >= 1, "batchSize must be at least 1, not \(options.batchSize)")
        precondition(options.sortingWindow >= 1, "sortingWindow must be at least 1, not \(options.sortingWindow)")
        precondition(position.epoch >= 0 && position.batch >= 0, "a position can't be negative: \(position)")
        self.lengths = lengths
        self.options = options
        self.generator = generator
        self.position = position
        batches = Self.batches(ofEpoch: position.epoch, lengths: lengths, options: options, generator: generator)
        if position.batch >= batches.count { startNextEpoch() }
    }

    /// Number of batches in the present epoch.
    public var batchesInEpoch: Int { batches.count }

    /// Indices of the next batch's examples; moves on by one batch.
    public mutating func next() -> [Int] {
        let batch = batches[position.batch]
        position.batch += 1
        if position.batch == batches.count { startNextEpoch() }
        return batch
    }

    private mutating func startNextEpoch() {
        position = Position(epoch: position.epoch + 1)
        batches = Self.batches(ofEpoch: position.epoch, lengths: lengths, options: options, generator: generator)
    }

    private static func batches(
        ofEpoch epoch: Int, lengths: [Int], options: Options, generator: SplittableGenerator
    ) -> [[Int]] {
        var generator = generator.folding(in: UInt64(epoch))
        let order = generator.permutation(of: lengths.count)
        let (product, overflow) = options.batchSize.multipliedReportingOverflow(by: options.sortingWindow)
        let window = overflow ? lengths.count : min(lengths.count, product)
        var batches: [[Int]] = []
        for start in stride(from: 0, to: order.count, by: window) {
            let part = order[start..<min(start + window, order.count)]
            // Equal lengths keep their shuffled order: the place in it decides.
            let sorted = part.enumerated().sorted { first, second in
                (lengths[first.element], first.offset) < (lengths[second.element], second.offset)
            }
            batches += cut(sorted.map(\.element), lengths: lengths, options: options)
        }
        generator.shuffle(&batches)
        return batches
    }

    /// Cuts indices that are sorted by length into batches within both limits.
    private static func cut(_ indices: [Int], lengths: [Int], options: Options) -> [[Int]] {
        var batches: [[Int]] = []
        var batch: [Int] = []
        for index in indices {
            let isFull = batch.count == options.batchSize
            let isTooLong = options.maximumTokens.map { (batch.count + 1) * lengths[index] > $0 } ?? false
            if !batch.isEmpty, isFull || isTooLong {
                batches.append(batch)
                batch.removeAll()
            }
            batch.append(index)
        }
        if !batch.isEmpty { batches.append(batch) }
        return batches
    }
}
