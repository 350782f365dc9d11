import LanguageModels
import Randomness
import Tensors

/// Turns logits into drawn tokens.
struct TokenDrawer {
    private let options: SamplingOptions
    /// `[1, V]`: −∞ for forbidden tokens, else 0; nil if none is forbidden.
    private let bias: Tensor?

    init(_ options: SamplingOptions, network: DecodingNetwork) {
        self.options = options
        guard !options.forbiddenTokens.isEmpty else {
            bias = nil
            return
        }
        let allowed = (0..<network.configuration.vocabularySize).map { token -> Float in
            options.forbiddenTokens.contains(token) ? -.infinity : 0
        }
        bias = Tensor(
            allowed, shape: [1, allowed.count], dtype: network.embedding.dtype, device: network.embedding.device)
    }

    /// One token a generator, with its log-probability at temperature 1.
    ///
    /// - Parameters:
    ///   - logits: `[B, V]`, or `[1, V]` for all generators.
    ///   - generators: `B` generators; each moves on by one number, unless the temperature is 0. Nil: nothing is drawn
    ///     for this row.
    /// - Returns: for each generator the token and its log-probability.
    func draw(
        from logits: Tensor, using generators: inout [SplittableGenerator?]
    ) -> [(token: Int, logProbability: Float)?] {
        let allowed = bias.map { logits + $0 } ?? logits
        let logarithms = allowed.logSoftmax(dimension: -1).to(.float32, device: .cpu)
        let weights: Tensor
        switch options.temperature {
        case 0: weights = logarithms
        case 1: weights = logarithms.exp()
        default: weights = (allowed / options.temperature).softmax(dimension: -1).to(.float32, device: .cpu)
        }
        let isShared = logits.size(0) == 1
        let vocabulary = logits.size(1)
        return logarithms.withUnsafeBytes { logarithmBytes in
            weights.withUnsafeBytes { weightBytes in
                let logarithms = logarithmBytes.bindMemory(to: Float.self)
                let weights = weightBytes.bindMemory(to: Float.self)
                return generators.indices.map { row in
                    guard var generator = generators[row] else { return nil }
                    let start = isShared ? 0 : row * vocabulary
                    let token = choose(
                        UnsafeBufferPointer(rebasing: weights[start..<start + vocabulary]), using: &generator)
                    generators[row] = generator
                    return (token, logarithms[start + token])
                }
            }
        }
    }

    private func choose(_ weights: UnsafeBufferPointer<Float>, using generator: inout SplittableGenerator) -> Int {
        guard options.temperature > 0 else { return NucleusChoice.greatest(of: weights) }
        return NucleusChoice.choose(
            from: weights, topProbability: options.topProbability, uniform: generator.uniform())
    }
}
