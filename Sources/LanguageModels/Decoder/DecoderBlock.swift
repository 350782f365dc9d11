public import Networks
public import Tensors

/// One layer of a ``DecoderModel``: x + attention(norm(x)), then x + SwiGLU(norm(x)).
public struct DecoderBlock: Module {
    /// Before attention.
    public var attentionNormalization: RMSNorm
    /// Causal self-attention with grouped heads and rotary embedding.
    public var attention: GroupedQueryAttention
    /// Before the feed-forward part.
    public var feedForwardNormalization: RMSNorm
    /// `D` to `F` twice, and back.
    public var feedForward: SwiGLU

    /// A block with drawn matrices and gains of one.
    init(
        _ configuration: DecoderConfiguration, initializer: Initializer, dtype: DType, kernel: AttentionKernel,
        generator: TensorGenerator
    ) {
        let epsilon = configuration.normalizationEpsilon
        attentionNormalization = RMSNorm(width: configuration.width, epsilon: epsilon, dtype: dtype)
        attention = GroupedQueryAttention(
            width: configuration.width, headCount: configuration.headCount,
            keyValueHeadCount: configuration.keyValueHeadCount, weightInitializer: initializer, dtype: dtype,
            kernel: kernel, generator: generator)
        feedForwardNormalization = RMSNorm(width: configuration.width, epsilon: epsilon, dtype: dtype)
        feedForward = SwiGLU(
            width: configuration.width, hiddenWidth: configuration.feedForwardWidth, weightInitializer: initializer,
            dtype: dtype, generator: generator)
    }

    /// Applies the block to whole sequences.
    ///
    /// - Parameters:
    ///   - stream: `[B, T, D]`.
    ///   - angles: rotary angles of the `T` positions.
    /// - Returns: `[B, T, D]`.
    public func callAsFunction(_ stream: Tensor, angles: RotaryAngles) -> Tensor {
        let attended = stream + attention(attentionNormalization(stream), angles: angles)
        return attended + feedForward(feedForwardNormalization(attended))
    }

    /// Shows both norms, attention and the feed-forward part.
    ///
    /// - Parameter visitor: sees and may replace their parameters.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("attentionNormalization", &attentionNormalization)
        visitor.visit("attention", &attention)
        visitor.visit("feedForwardNormalization", &feedForwardNormalization)
        visitor.visit("feedForward", &feedForward)
    }
}
