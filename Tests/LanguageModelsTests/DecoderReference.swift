import Foundation
import Networks
import Tensors

@testable import LanguageModels

/// The decoder written out in plain loops over doubles, to compare with.
struct DecoderReference {
    private typealias Matrix = [[Double]]

    let model: DecoderModel

    /// Logits `[T][V]` of one sequence.
    func logits(_ tokens: [Int]) -> [[Double]] {
        let configuration = model.configuration
        let embedding = matrix(model.embedding.weight)
        var stream = tokens.map { embedding[$0] }
        for block in model.blocks {
            let attended = attention(stream.map { normalize($0, block.attentionNormalization) }, block.attention)
            stream = zip(stream, attended).map(add)
            let fed = stream.map { feedForward(normalize($0, block.feedForwardNormalization), block.feedForward) }
            stream = zip(stream, fed).map(add)
        }
        let head = configuration.tiesEmbedding ? embedding : model.head.map { matrix($0.weight) } ?? []
        return stream.map { multiply(head, normalize($0, model.normalization)) }
    }

    private func attention(_ inputs: Matrix, _ layer: GroupedQueryAttention) -> Matrix {
        let configuration = model.configuration
        let width = configuration.headWidth
        let shared = configuration.headCount / configuration.keyValueHeadCount
        let queries = inputs.map { multiply(matrix(layer.query.weight), $0) }
        let keys = inputs.map { multiply(matrix(layer.key.weight), $0) }
        let values = inputs.map { multiply(matrix(layer.value.weight), $0) }
        return inputs.indices.map { now in
            var mixed: [Double] = []
            for head in 0..<configuration.headCount {
                let group = head / shared
                let query = rotate(Array(queries[now][head * width..<(head + 1) * width]), position: now)
                let scores = (0...now).map { then in
                    let key = rotate(Array(keys[then][group * width..<(group + 1) * width]), position: then)
                    return zip(query, key).map(*).reduce(0, +) / Double(width).squareRoot()
                }
                let total = scores.map { exp($0) }.reduce(0, +)
                for column in 0..<width {
                    mixed.append(
                        (0...now).map { exp(scores[$0]) / total * values[$0][group * width + column] }.reduce(0, +))
                }
            }
            return multiply(matrix(layer.output.weight), mixed)
        }
    }

    /// Turns the pair (i, i + width / 2) by position · base^(−2 i / width).
    private func rotate(_ head: [Double], position: Int) -> [Double] {
        let half = head.count / 2
        var result = head
        for index in 0..<half {
            let angle = Double(position) * pow(model.configuration.rotaryBase, -2 * Double(index) / Double(head.count))
            result[index] = head[index] * cos(angle) - head[index + half] * sin(angle)
            result[index + half] = head[index + half] * cos(angle) + head[index] * sin(angle)
        }
        return result
    }

    private func feedForward(_ input: [Double], _ layer: SwiGLU) -> [Double] {
        let gate = multiply(matrix(layer.gate.weight), input)
        let up = multiply(matrix(layer.up.weight), input)
        return multiply(matrix(layer.down.weight), zip(gate, up).map { $0 / (1 + exp(-$0)) * $1 })
    }

    private func normalize(_ input: [Double], _ layer: RMSNorm) -> [Double] {
        let square = input.map { $0 * $0 }.reduce(0, +) / Double(input.count)
        let scale = 1 / (square + layer.epsilon).squareRoot()
        return zip(input, layer.weight.array(of: Double.self)).map { $0 * scale * $1 }
    }

    private func multiply(_ matrix: Matrix, _ vector: [Double]) -> [Double] {
        matrix.map { zip($0, vector).map(*).reduce(0, +) }
    }

    private func add(_ first: [Double], _ second: [Double]) -> [Double] {
        zip(first, second).map(+)
    }

    private func matrix(_ tensor: Tensor) -> Matrix {
        let numbers = tensor.array(of: Double.self)
        let width = tensor.size(1)
        return stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<$0 + width]) }
    }
}
