import CTorch

extension Tensor {
    /// x Wᵀ + b: self `[..., I]`, weight `[O, I]`, bias `[O]`, result `[..., O]`.
    public func linear(weight: Tensor, bias: Tensor? = nil) -> Tensor {
        call("linear", self, weight) { x, w, error in withPointer(bias) { ct_linear(x, w, $0, error) } }
    }

    /// (x − mean) / √(variance + ε) over the last dimensions, then scaled and shifted.
    ///
    /// Source: Ba et al. 2016, arXiv:1607.06450. The variance is the biased one.
    ///
    /// - Parameters:
    ///   - dimensions: how many of the last dimensions are normalised over.
    ///   - weight: of the shape of those dimensions; nil means 1.
    ///   - bias: likewise; nil means 0.
    ///   - epsilon: ε, at least 0.
    /// - Returns: the shape of self.
    public func layerNorm(
        dimensions: Int = 1, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
    ) -> Tensor {
        call("layerNorm", self) { x, error in
            withPointer(weight) { w in
                withPointer(bias) { ct_layer_norm(x, dimensions, w, $0, epsilon, error) }
            }
        }
    }

    /// x / √(mean(x²) + ε) over the last dimension, then scaled: self `[..., D]`, weight `[D]`.
    ///
    /// Source: Zhang & Sennrich 2019, arXiv:1910.07467.
    public func rmsNorm(weight: Tensor? = nil, epsilon: Double = 1e-6) -> Tensor {
        call("rmsNorm", self) { x, error in withPointer(weight) { ct_rms_norm(x, $0, epsilon, error) } }
    }

    /// Normalises groups of channels: self `[B, C, ...]`, weight and bias `[C]`.
    ///
    /// Source: Wu & He 2018, arXiv:1803.08494.
    public func groupNorm(groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5) -> Tensor {
        call("groupNorm", self) { x, error in
            withPointer(weight) { w in withPointer(bias) { ct_group_norm(x, groups, w, $0, epsilon, error) } }
        }
    }

    /// softmax(Q Kᵀ · scale + mask) V, without holding the matrix of all weights where libtorch can avoid it.
    ///
    /// `B` batch, `H` heads, `T` queries, `S` keys, `D` and `E` head dimensions.
    /// Source: Vaswani et al. 2017, arXiv:1706.03762, eq. 1.
    ///
    /// - Parameters:
    ///   - query: `[B, H, T, D]`.
    ///   - key: `[B, H, S, D]`, or with fewer heads that divide H when `groupedHeads`.
    ///   - value: `[B, H, S, E]`, heads as the key's.
    ///   - mask: broadcast to `[B, H, T, S]`: bool, true where a query may look, or numbers to add. Not with `causal`.
    ///   - causal: query t sees keys 0...t only. Meant for T = S: both are counted from 0.
    ///   - scale: nil means 1 / √D.
    ///   - groupedHeads: each key head serves H / (key heads) neighbouring query heads.
    /// - Returns: `[B, H, T, E]`.
    public static func attention(
        query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, causal: Bool = false, scale: Double? = nil,
        groupedHeads: Bool = false
    ) -> Tensor {
        call("attention", query, key, value) { q, k, v, error in
            withPointer(mask) { ct_attention(q, k, v, $0, causal, scale ?? .nan, groupedHeads, error) }
        }
    }

    /// Cross-correlation of self `[B, C, L]` with weight `[O, C / groups, K]`: `[B, O, ⌊(L + 2p − d (K − 1) − 1) / s⌋ + 1]`.
    public func convolution1D(
        weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
    ) -> Tensor {
        call("convolution1D", self, weight) { x, w, error in
            withPointer(bias) { ct_conv(x, w, $0, 1, [stride], [padding], [dilation], groups, error) }
        }
    }

    /// Cross-correlation of self `[B, C, H, W]` with weight `[O, C / groups, K, L]`, the same amounts both ways.
    public func convolution2D(
        weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
    ) -> Tensor {
        call("convolution2D", self, weight) { x, w, error in
            withPointer(bias) { bias in
                ct_conv(
                    x, w, bias, 2, [stride, stride], [padding, padding], [dilation, dilation], groups, error)
            }
        }
    }

    /// Largest element of each window: self `[B, C, H, W]`; the stride is the window's size when nil.
    public func maxPool2D(window: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
        let step = stride ?? window
        return call("maxPool2D", self) { ct_max_pool2d($0, [window, window], [step, step], [padding, padding], $1) }
    }

    /// Mean of each window, padding counted as zeros: self `[B, C, H, W]`; the stride is the window's size when nil.
    public func averagePool2D(window: Int, stride: Int? = nil, padding: Int = 0) -> Tensor {
        let step = stride ?? window
        return call("averagePool2D", self) {
            ct_avg_pool2d($0, [window, window], [step, step], [padding, padding], $1)
        }
    }
}
