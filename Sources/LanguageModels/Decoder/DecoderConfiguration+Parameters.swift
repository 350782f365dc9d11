extension DecoderConfiguration {
    /// Path and shape of every parameter of a decoder of this shape, in the order of its tree.
    ///
    /// Lets a file be checked before anything of its size is allocated.
    var parameterShapes: [(path: String, shape: [Int])] {
        let keyWidth = keyValueHeadCount * headWidth
        var shapes: [(path: String, shape: [Int])] = [("embedding.weight", [vocabularySize, width])]
        for layer in 0..<layerCount {
            shapes += [
                ("attentionNormalization.weight", [width]),
                ("attention.query.weight", [width, width]),
                ("attention.key.weight", [keyWidth, width]),
                ("attention.value.weight", [keyWidth, width]),
                ("attention.output.weight", [width, width]),
                ("feedForwardNormalization.weight", [width]),
                ("feedForward.gate.weight", [feedForwardWidth, width]),
                ("feedForward.up.weight", [feedForwardWidth, width]),
                ("feedForward.down.weight", [width, feedForwardWidth]),
            ].map { ("blocks.\(layer).\($0.0)", $0.1) }
        }
        shapes.append(("normalization.weight", [width]))
        if !tiesEmbedding { shapes.append(("head.weight", [vocabularySize, width])) }
        return shapes
    }
}
