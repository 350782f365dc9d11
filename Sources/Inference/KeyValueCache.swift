import LanguageModels
import Tensors

/// Keys and values of a prompt, to be shared by all its completions.
struct PromptPrefix: Sendable {
    /// `P`, number of tokens.
    let length: Int
    /// `[K, P, E]` for each layer.
    let keys: [Tensor]
    /// `[K, P, E]` for each layer.
    let values: [Tensor]
}

/// Keys and values of rows whose sequences have different lengths.
///
/// All rows end at the same slot: row `b` fills the slots `starts[b] ..< end`, so that each step writes one slot of
/// every row, and the width of attention is the length of the longest row. Slots before a row's start are masked.
struct KeyValueCache {
    /// First slot of each row.
    private(set) var starts: [Int]
    /// Slot after the last one filled.
    private(set) var end: Int
    /// Number of slots there is room for.
    private(set) var capacity: Int

    private let groups: Int
    private let headWidth: Int
    /// `[B K, capacity, E]` for each layer, held by this value alone and written in place.
    private var keys: [Tensor]
    private var values: [Tensor]
    /// `[B K, 1, capacity]`: −∞ before a row's start, else 0.
    private var mask: Tensor

    /// A cache without sequences: every row is empty and ends at `end`.
    init(_ network: DecodingNetwork, rows: Int, end: Int, capacity: Int) {
        let configuration = network.configuration
        groups = configuration.keyValueHeadCount
        headWidth = configuration.headWidth
        let shape = [rows * groups, capacity, headWidth]
        let like = network.embedding
        keys = network.blocks.map { _ in Tensor.zeros(shape, dtype: like.dtype, device: like.device) }
        values = network.blocks.map { _ in Tensor.zeros(shape, dtype: like.dtype, device: like.device) }
        mask = Tensor.zeros([rows * groups, 1, capacity], dtype: like.dtype, device: like.device)
        starts = Array(repeating: end, count: rows)
        self.end = end
        self.capacity = capacity
    }

    /// Whether another step fits.
    var isFull: Bool { end == capacity }

    /// Number of slots of the longest row.
    var span: Int { end - (starts.min() ?? end) }

    /// Puts a prompt into a row; what was there is forgotten.
    ///
    /// - Precondition: the prompt is not longer than `end`.
    mutating func replace(row: Int, with prefix: PromptPrefix) {
        precondition(prefix.length <= end, "a prompt of \(prefix.length) tokens does not fit before slot \(end)")
        let start = end - prefix.length
        for layer in keys.indices {
            InPlace.copySlice(rowView(of: keys[layer], row), dimension: 1, start: start, from: prefix.keys[layer])
            InPlace.copySlice(rowView(of: values[layer], row), dimension: 1, start: start, from: prefix.values[layer])
        }
        InPlace.fill(rowView(of: mask, row).slice(dimension: 2, end: start), -.infinity)
        InPlace.fill(rowView(of: mask, row).slice(dimension: 2, start: start), 0)
        starts[row] = start
    }

    /// Empties a row, so that it no longer widens attention.
    mutating func clear(row: Int) {
        starts[row] = end
    }

    /// The mask of a step, `[B K, 1, span + 1]`, or nil when all rows are equally long.
    func beginStep() -> Tensor? {
        precondition(!isFull, "the cache of \(capacity) slots is full")
        let first = end - span
        guard starts.contains(where: { $0 != first }) else { return nil }
        return mask.slice(dimension: 2, start: first, end: end + 1)
    }

    /// Writes one layer's new keys and values `[B, K, E]`.
    ///
    /// - Returns: all keys and values, `[B K, span + 1, E]`; valid until the next write.
    mutating func append(layer: Int, key: Tensor, value: Tensor) -> (keys: Tensor, values: Tensor) {
        let shape = [starts.count * groups, 1, headWidth]
        InPlace.copySlice(keys[layer], dimension: 1, start: end, from: key.reshaped(shape))
        InPlace.copySlice(values[layer], dimension: 1, start: end, from: value.reshaped(shape))
        let first = end - span
        return (
            keys[layer].slice(dimension: 1, start: first, end: end + 1),
            values[layer].slice(dimension: 1, start: first, end: end + 1)
        )
    }

    /// Counts the slot that all layers wrote.
    mutating func endStep() {
        end += 1
    }

    /// A copy of the cache with some of its rows alone, moved so that it ends at another slot.
    ///
    /// - Parameters:
    ///   - rows: indices of rows, in the order wanted.
    ///   - newEnd: at least the length of the longest of them.
    ///   - newCapacity: more than `newEnd`.
    /// - Returns: a new cache; this one stays as it is.
    func moved(rows: [Int], end newEnd: Int, capacity newCapacity: Int) -> KeyValueCache {
        let length = rows.map { end - starts[$0] }.max() ?? 0
        precondition(
            length <= newEnd && newEnd < newCapacity, "\(length) slots do not fit before \(newEnd) of \(newCapacity)")
        let index = Tensor(rows.flatMap { row in (0..<groups).map { row * groups + $0 } }, device: mask.device)
        func move(_ tensor: Tensor, along dimension: Int) -> Tensor {
            var shape = tensor.shape
            shape[0] = rows.count * groups
            shape[dimension] = newCapacity
            let result = Tensor.zeros(shape, dtype: tensor.dtype, device: tensor.device)
            let part = tensor.slice(dimension: dimension, start: end - length, end: end)
            InPlace.copySlice(
                result, dimension: dimension, start: newEnd - length, from: part.indexSelect(dimension: 0, index))
            return result
        }
        var result = self
        result.keys = keys.map { move($0, along: 1) }
        result.values = values.map { move($0, along: 1) }
        result.mask = move(mask, along: 2)
        InPlace.fill(result.mask.slice(dimension: 2, end: newEnd - length), -.infinity)
        result.starts = rows.map { newEnd - (end - starts[$0]) }
        result.end = newEnd
        result.capacity = newCapacity
        return result
    }

    private func rowView(of tensor: Tensor, _ row: Int) -> Tensor {
        tensor.slice(dimension: 0, start: row * groups, end: (row + 1) * groups)
    }
}
