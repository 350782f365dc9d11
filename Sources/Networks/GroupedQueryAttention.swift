public import Tensors

/// Self-attention whose query heads share key and value heads in groups.
///
/// As many key heads as query heads is multi-head attention, one is multi-query attention.
/// Letters: `B` rows, `T` new positions, `S` all positions, `C` width, `H` query heads, `G` key heads, `D` head width.
/// Source: Ainslie et al. 2023, arXiv:2305.13245.
public struct GroupedQueryAttention: Module {
    /// `C` to `H·D`.
    public var query: Linear

    /// `C` to `G·D`.
    public var key: Linear

    /// `C` to `G·D`.
    public var value: Linear

    /// `H·D` to `C`.
    public var output: Linear

    /// Number H of query heads.
    public let headCount: Int

    /// Number G of key and value heads; H is a multiple of it.
    public let keyValueHeadCount: Int

    /// Width D of a head.
    public let headDimension: Int

    /// Which code computes attention.
    public var kernel: AttentionKernel

    /// Creates the layer with drawn parameters.
    ///
    /// - Parameters:
    ///   - width: C.
    ///   - headCount: H.
    ///   - keyValueHeadCount: G; nil: H. H must be a multiple of it.
    ///   - headDimension: D; nil: C / H.
    ///   - hasBias: whether the four maps have biases.
    ///   - weightInitializer: draws the weights of query, key and value.
    ///   - outputInitializer: draws the weight of the output; nil: as the others.
    ///   - dtype: type of the parameters.
    ///   - kernel: which code computes attention; choose `composed` to differentiate twice.
    ///   - generator: source of random numbers: query, key, value, output in this order.
    /// - Precondition: H is a multiple of G, and of C unless D is given; violations trap.
    public init(
        width: Int, headCount: Int, keyValueHeadCount: Int? = nil, headDimension: Int? = nil, hasBias: Bool = false,
        weightInitializer: Initializer = .torchDefault, outputInitializer: Initializer? = nil,
        dtype: DType = .float32, kernel: AttentionKernel = .fused, generator: TensorGenerator
    ) {
        let groups = keyValueHeadCount ?? headCount
        precondition(
            headCount >= 1 && groups >= 1 && headCount.isMultiple(of: groups),
            "GroupedQueryAttention: \(headCount) query heads can't share \(groups) key heads")
        precondition(
            headDimension != nil || width.isMultiple(of: headCount),
            "GroupedQueryAttention: width \(width) is no multiple of \(headCount) heads; give headDimension")
        let size = headDimension ?? width / headCount
        func map(_ inputs: Int, _ outputs: Int, _ initializer: Initializer) -> Linear {
            Linear(
                inputs: inputs, outputs: outputs, hasBias: hasBias, weightInitializer: initializer, dtype: dtype,
                generator: generator)
        }
        query = map(width, headCount * size, weightInitializer)
        key = map(width, groups * size, weightInitializer)
        value = map(width, groups * size, weightInitializer)
        output = map(headCount * size, width, outputInitializer ?? weightInitializer)
        self.headCount = headCount
        self.keyValueHeadCount = groups
        self.headDimension = size
        self.kernel = kernel
    }

    /// Queries, keys and values of new positions, turned by their angles.
    ///
    /// For callers that keep keys and values in a store of their own; go on with `attend`.
    ///
    /// - Parameters:
    ///   - input: `[B, T, C]`.
    ///   - angles: rotary angles of the `T` positions; nil: heads are not turned.
    /// - Returns: queries `[B, H, T, D]`, keys and values `[B, G, T, D]`.
    public func projections(
        _ input: Tensor, angles: RotaryAngles?
    ) -> (queries: Tensor, history: KeyValueHistory) {
        let queries = split(query(input), heads: headCount)
        let keys = split(key(input), heads: keyValueHeadCount)
        let values = split(value(input), heads: keyValueHeadCount)
        guard let angles else { return (queries, KeyValueHistory(keys: keys, values: values)) }
        return (angles.rotating(queries), KeyValueHistory(keys: angles.rotating(keys), values: values))
    }

    /// Attention of queries over keys and values, and the output map.
    ///
    /// - Parameters:
    ///   - queries: `[B, H, T, D]`.
    ///   - history: keys and values `[B, G, S, D]`, those of the new positions last.
    ///   - mask: which keys each query sees.
    /// - Returns: `[B, T, C]`.
    public func attend(_ queries: Tensor, over history: KeyValueHistory, mask: AttentionMask = .causal) -> Tensor {
        let mixed = scaledDotProductAttention(
            query: queries, key: history.keys, value: history.values, mask: mask, kernel: kernel)
        return output(
            mixed.transposed(1, 2).reshaped([mixed.size(0), mixed.size(2), headCount * headDimension]))
    }

    /// Self-attention over whole sequences.
    ///
    /// - Parameters:
    ///   - input: `[B, T, C]`.
    ///   - angles: rotary angles of the `T` positions; nil: heads are not turned.
    ///   - mask: which positions each position sees.
    /// - Returns: `[B, T, C]`.
    public func callAsFunction(
        _ input: Tensor, angles: RotaryAngles? = nil, mask: AttentionMask = .causal
    ) -> Tensor {
        let (queries, history) = projections(input, angles: angles)
        return attend(queries, over: history, mask: mask)
    }

    /// Self-attention of new positions over earlier ones and themselves.
    ///
    /// - Parameters:
    ///   - input: `[B, T, C]`, the new positions.
    ///   - angles: rotary angles of the new positions; nil: heads are not turned.
    ///   - past: what the last call returned; nil at the start.
    ///   - mask: which of the `S` positions each new position sees.
    /// - Returns: `[B, T, C]`, and keys and values of all `S` positions.
    public func callAsFunction(
        _ input: Tensor, angles: RotaryAngles? = nil, past: KeyValueHistory?, mask: AttentionMask = .causal
    ) -> (output: Tensor, history: KeyValueHistory) {
        let (queries, new) = projections(input, angles: angles)
        let history = past.map { $0.appending(new) } ?? new
        return (attend(queries, over: history, mask: mask), history)
    }

    /// Shows the four maps.
    ///
    /// - Parameter visitor: sees and may replace their parameters.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("query", &query)
        visitor.visit("key", &key)
        visitor.visit("value", &value)
        visitor.visit("output", &output)
    }

    /// `[B, T, heads·D]` to `[B, heads, T, D]`.
    private func split(_ x: Tensor, heads: Int) -> Tensor {
        x.reshaped([x.size(0), x.size(1), heads, headDimension]).transposed(1, 2)
    }
}

/// Keys and values of a layer's past positions.
public struct KeyValueHistory: TensorTree, Sendable {
    /// `[B, G, S, D]`, already turned by their angles.
    public var keys: Tensor

    /// `[B, G, S, D]`.
    public var values: Tensor

    /// Creates a history.
    ///
    /// - Parameters:
    ///   - keys: `[B, G, S, D]`, already turned by their angles.
    ///   - values: `[B, G, S, D]`.
    public init(keys: Tensor, values: Tensor) {
        self.keys = keys
        self.values = values
    }

    /// Number S of positions.
    public var count: Int { keys.size(2) }

    /// The history with later positions behind it.
    ///
    /// - Parameter later: keys and values of the same rows and heads.
    /// - Returns: a new history; the old one stays as it is.
    /// - Complexity: O(size of the result): everything is copied.
    public func appending(_ later: KeyValueHistory) -> KeyValueHistory {
        KeyValueHistory(
            keys: .concatenated([keys, later.keys], dimension: 2),
            values: .concatenated([values, later.values], dimension: 2))
    }

    /// Shows `keys` and `values`.
    ///
    /// - Parameter visitor: sees and may replace both.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("keys", &keys)
        visitor.visit("values", &values)
    }
}
