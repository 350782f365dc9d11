public import Tensors

/// Which keys each query may look at.
public enum AttentionMask: Sendable {
    /// All keys.
    case all

    /// Query t of T sees keys up to t + S − T: the last query sees all S keys, as when earlier keys come from a cache.
    case causal

    /// Bool tensor that broadcasts to `[B, H, T, S]`: true where the query sees the key. Every query sees some key.
    case allowed(Tensor)

    /// Tensor of the heads' type that broadcasts to `[B, H, T, S]`, added to the scores.
    case bias(Tensor)
}

/// Which code computes attention.
public enum AttentionKernel: String, Sendable, Codable {
    /// libtorch's fused kernel: fast, once differentiable.
    case fused

    /// Matrix products and a softmax: slower, differentiable any number of times.
    case composed
}

/// Attention of queries over keys: softmax(q·kᵀ·scale + mask)·v.
///
/// `B` rows, `H` query heads, `G` key heads (H a multiple of G: query head h uses key head h·G/H), `T` queries,
/// `S` keys, `D` width of keys, `E` width of values.
/// Source: Vaswani et al. 2017, arXiv:1706.03762, eq. 1; grouped heads: Ainslie et al. 2023, arXiv:2305.13245.
///
/// - Parameters:
///   - query: `[B, H, T, D]`.
///   - key: `[B, G, S, D]`.
///   - value: `[B, G, S, E]`.
///   - mask: which keys each query sees.
///   - scale: factor of the scores; nil: 1/√D.
///   - kernel: which code computes it; choose `composed` to differentiate twice.
/// - Returns: `[B, H, T, E]`.
/// - Precondition: shapes agree, and T ≤ S with a causal mask; violations trap.
public func scaledDotProductAttention(
    query: Tensor, key: Tensor, value: Tensor, mask: AttentionMask = .all, scale: Double? = nil,
    kernel: AttentionKernel = .fused
) -> Tensor {
    precondition(
        query.rank == 4 && key.rank == 4 && value.rank == 4 && key.size(1) > 0
            && query.size(1).isMultiple(of: key.size(1)),
        "attention: query \(query.shape), key \(key.shape), value \(value.shape) must be [B, H, T, D], [B, G, S, D], "
            + "[B, G, S, E] with H a multiple of G")
    let scale = scale ?? 1 / Double(query.size(-1)).squareRoot()
    let (queries, keys) = (query.size(2), key.size(2))
    if case .causal = mask {
        precondition(queries <= keys, "attention: \(queries) queries over \(keys) keys can't be causal")
    }
    switch kernel {
    case .composed:
        return composedAttention(query, key, value, mask, scale)
    case .fused:
        if queries == 1, query.size(1) != key.size(1), mask.coversAllKeys(ofOneQuery: true) {
            return groupedDecoding(query, key, value, scale)
        }
        let (tensor, isCausal) = mask.forKernel(queries: queries, keys: keys, device: query.device)
        return Tensor.attention(
            query: query, key: key, value: value, mask: tensor, causal: isCausal, scale: scale,
            groupedHeads: query.size(1) != key.size(1))
    }
}

extension AttentionMask {
    /// Whether a single query sees every key.
    fileprivate func coversAllKeys(ofOneQuery: Bool) -> Bool {
        switch self {
        case .all, .causal: ofOneQuery
        case .allowed, .bias: false
        }
    }

    /// The mask as libtorch's kernel takes it; its own causal flag aligns first query with first key.
    fileprivate func forKernel(queries: Int, keys: Int, device: Device) -> (tensor: Tensor?, isCausal: Bool) {
        switch self {
        case .all: (nil, false)
        case .causal where queries == 1: (nil, false)
        case .causal where queries == keys: (nil, true)
        case .causal: (causalMask(queries: queries, keys: keys, device: device), false)
        case .allowed(let tensor), .bias(let tensor): (tensor, false)
        }
    }
}

/// True where query t of `queries` sees key s, that is s ≤ t + keys − queries: `[T, S]` bool.
func causalMask(queries: Int, keys: Int, device: Device) -> Tensor {
    let query = Tensor.arange(keys - queries, keys, dtype: .int64, device: device).unsqueezed(-1)
    return Tensor.arange(0, keys, dtype: .int64, device: device) .<= query
}

/// One query a row over grouped keys: the query heads of a group become the queries of one head, so that keys and
/// values aren't repeated.
private func groupedDecoding(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ scale: Double) -> Tensor {
    let (rows, heads, groups) = (query.size(0), query.size(1), key.size(1))
    let folded = query.reshaped([rows, groups, heads / groups, query.size(3)])
    let output = Tensor.attention(
        query: folded, key: key, value: value, scale: scale)
    return output.reshaped([rows, heads, 1, value.size(3)])
}

/// Attention by matrix products, where heads of a group share a key head by broadcasting.
private func composedAttention(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: AttentionMask, _ scale: Double
) -> Tensor {
    let (rows, heads, groups) = (query.size(0), query.size(1), key.size(1))
    let (queries, keys) = (query.size(2), key.size(2))
    let grouped = query.reshaped([rows, groups, heads / groups, queries, query.size(3)])
    let products = grouped.matmul(key.unsqueezed(2).transposed(-1, -2)) * scale
    var scores = products.reshaped([rows, heads, queries, keys])
    switch mask {
    case .all:
        break
    case .causal:
        let allowed = causalMask(queries: queries, keys: keys, device: query.device)
        scores = scores.maskedFill(where: .!allowed, with: -.infinity)
    case .allowed(let allowed):
        scores = scores.maskedFill(where: .!allowed, with: -.infinity)
    case .bias(let bias):
        scores = scores + bias
    }
    let weights = scores.softmax(dimension: -1).reshaped([rows, groups, heads / groups, queries, keys])
    return weights.matmul(value.unsqueezed(2)).reshaped([rows, heads, queries, value.size(3)])
}
