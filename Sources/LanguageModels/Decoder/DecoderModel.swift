public import Networks
public import Tensors

/// A decoder-only transformer of the design of DeepSeek LLM.
///
/// Embedding, blocks, RMSNorm, output matrix: `[B, T]` tokens to `[B, T, V]` logits, where the logits at a position
/// depend on the tokens up to it alone. Sequences of different lengths are padded on the right, where padding can't be
/// seen by any real token; what comes out at padded positions has no meaning. The model is its own parameter tree.
///
/// Source: DeepSeek LLM, arXiv:2401.02954, section 2.2; it follows LLaMA, arXiv:2302.13971, section 2.2.
public struct DecoderModel: Module {
    /// The shape.
    public let configuration: DecoderConfiguration
    /// `[V, D]`, a vector for each token.
    public var embedding: Embedding
    /// One after the other from the input up.
    public var blocks: [DecoderBlock]
    /// Before the output matrix.
    public var normalization: RMSNorm
    /// `D` to `V`; nil when the output matrix is the embedding.
    public var head: Linear?

    /// A decoder with parameters drawn from the generator: matrices from N(0, σ²), gains one.
    ///
    /// - Parameters:
    ///   - configuration: the shape; one with a ``DecoderConfiguration/problem`` traps.
    ///   - dtype: type of the parameters.
    ///   - kernel: which code computes attention; choose `composed` to differentiate twice.
    ///   - generator: source of random numbers: embedding, blocks, output matrix in this order.
    public init(
        _ configuration: DecoderConfiguration = DecoderConfiguration(), dtype: DType = .float32,
        kernel: AttentionKernel = .fused, generator: TensorGenerator
    ) {
        self.init(
            configuration, dtype: dtype, kernel: kernel,
            initializer: .normal(standardDeviation: configuration.initialStandardDeviation), generator: generator)
    }

    /// A decoder whose matrices another initialiser draws.
    init(
        _ configuration: DecoderConfiguration, dtype: DType, kernel: AttentionKernel = .fused,
        initializer: Initializer, generator: TensorGenerator
    ) {
        if let problem = configuration.problem { preconditionFailure("DecoderModel: \(problem)") }
        self.configuration = configuration
        embedding = Embedding(
            count: configuration.vocabularySize, width: configuration.width, initializer: initializer, dtype: dtype,
            generator: generator)
        blocks = (0..<configuration.layerCount).map { _ in
            DecoderBlock(configuration, initializer: initializer, dtype: dtype, kernel: kernel, generator: generator)
        }
        normalization = RMSNorm(
            width: configuration.width, epsilon: configuration.normalizationEpsilon, dtype: dtype)
        if !configuration.tiesEmbedding {
            head = Linear(
                inputs: configuration.width, outputs: configuration.vocabularySize, hasBias: false,
                weightInitializer: initializer, dtype: dtype, generator: generator)
        }
    }

    /// Logits of the next token at every position.
    ///
    /// - Parameter tokens: `[B, T]` int64, in the vocabulary, `T` at most the context length; else it traps.
    /// - Returns: `[B, T, V]`.
    public func callAsFunction(_ tokens: Tensor) -> Tensor {
        logits(of: hiddenStates(tokens))
    }

    /// What the output matrix gets: the last block's output after its norm.
    ///
    /// - Parameter tokens: `[B, T]` int64, in the vocabulary, `T` at most the context length; else it traps.
    /// - Returns: `[B, T, D]`.
    public func hiddenStates(_ tokens: Tensor) -> Tensor {
        precondition(tokens.rank == 2, "DecoderModel: tokens have shape \(tokens.shape), must be [B, T]")
        let length = tokens.size(1)
        precondition(
            length <= configuration.contextLength,
            "DecoderModel: \(length) positions are more than the context of \(configuration.contextLength)")
        var stream = embedding(tokens)
        let angles = rotaryEmbedding.angles(count: length, dtype: stream.dtype, device: stream.device)
        for block in blocks { stream = block(stream, angles: angles) }
        return normalization(stream)
    }

    /// Logits of the next token after some positions.
    ///
    /// - Parameter hidden: `[..., D]`, elements of ``hiddenStates(_:)``.
    /// - Returns: `[..., V]`.
    public func logits(of hidden: Tensor) -> Tensor {
        head.map { $0(hidden) } ?? embedding.scores(hidden)
    }

    /// The rotary embedding of queries and keys.
    public var rotaryEmbedding: RotaryEmbedding {
        RotaryEmbedding(headDimension: configuration.headWidth, theta: configuration.rotaryBase)
    }

    /// Shows embedding, blocks, normalization and head.
    ///
    /// - Parameter visitor: sees and may replace their parameters.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("embedding", &embedding)
        visitor.visit("blocks", &blocks)
        visitor.visit("normalization", &normalization)
        visitor.visit("head", &head)
    }
}
