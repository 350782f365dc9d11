import LanguageModels
import Networks
import Tensors

/// A decoder's parameters laid out for writing token after token.
///
/// Computes what ``DecoderModel`` computes, with fewer and larger operations: query, key and value are one matrix, gate
/// and up are one matrix, the gains of the norms are multiplied into the matrices after them, and the attention scale
/// into the query. Letters: `B` rows, `D` width, `H` heads, `K` key-value heads, `E` head width, `P` prompt length.
struct DecodingNetwork: Sendable {
    /// One layer's matrices.
    struct Block: Sendable {
        /// `[(H + 2 K) E, D]`.
        let queryKeyValue: Tensor
        /// `[D, D]`.
        let output: Tensor
        /// `[2 F, D]`.
        let gateUp: Tensor
        /// `[D, F]`.
        let down: Tensor
    }

    let configuration: DecoderConfiguration
    let blocks: [Block]
    /// `[V, D]`, vectors of the tokens.
    let embedding: Tensor
    /// `[V, D]`, output matrix.
    let head: Tensor
    /// `[context, E]`: the cosines twice.
    private let cosine: Tensor
    /// `[context, E]`: the sines with minus signs, then the sines.
    private let sine: Tensor

    init(_ model: DecoderModel) {
        let configuration = model.configuration
        let scale = 1 / Double(configuration.headWidth).squareRoot()
        blocks = model.blocks.map { block in
            let attention = block.attention
            let inputs = block.attentionNormalization.weight.unsqueezed(0)
            let middle = block.feedForwardNormalization.weight.unsqueezed(0)
            return Block(
                queryKeyValue: Tensor.concatenated([
                    attention.query.weight * scale, attention.key.weight, attention.value.weight,
                ]) * inputs,
                output: attention.output.weight,
                gateUp: Tensor.concatenated([block.feedForward.gate.weight, block.feedForward.up.weight]) * middle,
                down: block.feedForward.down.weight)
        }
        self.configuration = configuration
        embedding = model.embedding.weight
        head = (model.head?.weight ?? model.embedding.weight) * model.normalization.weight.unsqueezed(0)
        let angles = model.rotaryEmbedding.angles(
            count: configuration.contextLength, dtype: embedding.dtype, device: embedding.device)
        cosine = Tensor.concatenated([angles.cosine, angles.cosine], dimension: -1)
        sine = Tensor.concatenated([-angles.sine, angles.sine], dimension: -1)
    }

    /// Reads a prompt.
    ///
    /// - Parameter tokens: at least one, at most the context length.
    /// - Returns: keys and values of the prompt, and the logits `[1, V]` of the token after it.
    func read(_ tokens: [Int]) -> (prefix: PromptPrefix, logits: Tensor) {
        let length = tokens.count
        var stream = embedding.embedding(Tensor(tokens, device: embedding.device))
        let cosine = cosine.slice(dimension: 0, end: length).unsqueezed(1)
        let sine = sine.slice(dimension: 0, end: length).unsqueezed(1)
        var keys: [Tensor] = []
        var values: [Tensor] = []
        for block in blocks {
            let (query, key, value) = project(stream, block, cosine: cosine, sine: sine)
            let mixed = Tensor.attention(
                query: query.transposed(0, 1).unsqueezed(0), key: key.transposed(0, 1).unsqueezed(0),
                value: value.transposed(0, 1).unsqueezed(0), causal: true, scale: 1, groupedHeads: true)
            keys.append(key.transposed(0, 1).contiguous())
            values.append(value.transposed(0, 1).contiguous())
            stream = finish(stream, block, mixed: mixed.squeezed(0).transposed(0, 1))
        }
        return (
            PromptPrefix(length: length, keys: keys, values: values),
            logits(stream.slice(dimension: 0, start: length - 1))
        )
    }

    /// Reads one token in every row.
    ///
    /// - Parameters:
    ///   - tokens: `B` tokens.
    ///   - positions: place of each in its sequence, below the context length.
    ///   - cache: of `B` rows; gets the tokens' keys and values.
    /// - Returns: `[B, V]` logits of the tokens after.
    func step(_ tokens: [Int], positions: [Int], cache: inout KeyValueCache) -> Tensor {
        let rows = tokens.count
        let groups = configuration.keyValueHeadCount
        let shape = [rows * groups, configuration.headCount / groups, configuration.headWidth]
        let places = Tensor(positions, device: embedding.device)
        let cosine = cosine.indexSelect(dimension: 0, places).unsqueezed(1)
        let sine = sine.indexSelect(dimension: 0, places).unsqueezed(1)
        var stream = embedding.embedding(Tensor(tokens, device: embedding.device))
        let mask = cache.beginStep()
        for (layer, block) in blocks.enumerated() {
            let (query, key, value) = project(stream, block, cosine: cosine, sine: sine)
            let (keys, values) = cache.append(layer: layer, key: key, value: value)
            let scores = query.reshaped(shape).batchedMatmul(keys.transposed(1, 2))
            let weights = (mask.map { scores + $0 } ?? scores).softmax(dimension: -1)
            let mixed = weights.batchedMatmul(values)
            stream = finish(
                stream, block, mixed: mixed.reshaped([rows, configuration.headCount, configuration.headWidth]))
        }
        cache.endStep()
        return logits(stream)
    }

    /// Turned queries `[N, H, E]`, turned keys and values `[N, K, E]` of `N` positions.
    private func project(
        _ stream: Tensor, _ block: Block, cosine: Tensor, sine: Tensor
    ) -> (query: Tensor, key: Tensor, value: Tensor) {
        let heads = configuration.headCount
        let groups = configuration.keyValueHeadCount
        let width = configuration.headWidth
        let all = normalized(stream).linear(weight: block.queryKeyValue)
            .reshaped([stream.size(0), heads + 2 * groups, width])
        let plain = all.slice(dimension: 1, end: heads + groups)
        // Rolling by half a head puts each element where its partner was.
        let turned = plain * cosine + plain.rolled(by: width / 2, dimension: -1) * sine
        return (
            turned.slice(dimension: 1, end: heads), turned.slice(dimension: 1, start: heads),
            all.slice(dimension: 1, start: heads + groups)
        )
    }

    /// The stream after the block, given what attention mixed: `[N, H, E]`.
    private func finish(_ stream: Tensor, _ block: Block, mixed: Tensor) -> Tensor {
        let attended = stream + mixed.reshaped([stream.size(0), configuration.width]).linear(weight: block.output)
        let both = normalized(attended).linear(weight: block.gateUp)
        let gate = both.slice(dimension: 1, end: configuration.feedForwardWidth)
        let up = both.slice(dimension: 1, start: configuration.feedForwardWidth)
        return attended + (gate.silu() * up).linear(weight: block.down)
    }

    private func logits(_ stream: Tensor) -> Tensor {
        normalized(stream).linear(weight: head)
    }

    private func normalized(_ stream: Tensor) -> Tensor {
        stream.rmsNorm(epsilon: configuration.normalizationEpsilon)
    }
}
