/// The shape of a ``DecoderModel``.
///
/// The defaults are those of `prover-mini`, 2.5 million parameters.
///
/// Letters used in the shapes of this target: `B` batch, `T` positions, `V` vocabulary, `D` width, `H` heads,
/// `K` key-value heads, `E = D / H` width of a head, `F` feed-forward width.
///
/// Source: DeepSeek LLM, arXiv:2401.02954, section 2.2 and table 2.
public struct DecoderConfiguration: Hashable, Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case vocabularySize, contextLength, width, layerCount, headCount, keyValueHeadCount, feedForwardWidth
        case rotaryBase, normalizationEpsilon, tiesEmbedding, initialStandardDeviation
    }

    /// `V`, number of tokens that go in and come out.
    public var vocabularySize: Int
    /// Most positions in a sequence.
    public var contextLength: Int
    /// `D`, width of the residual stream.
    public var width: Int
    /// Number of blocks.
    public var layerCount: Int
    /// `H`, number of query heads; divides `width` into heads of even width.
    public var headCount: Int
    /// `K`, number of key and value heads; divides `headCount`, and is equal to it in multi-head attention.
    public var keyValueHeadCount: Int
    /// `F`, width between the matrices of the feed-forward part; 8/3 of `width` in the paper.
    public var feedForwardWidth: Int
    /// Base of the rotary embedding's wavelengths.
    public var rotaryBase: Double
    /// What is added to the mean square in RMSNorm.
    public var normalizationEpsilon: Double
    /// Whether the output matrix is the embedding; DeepSeek LLM keeps them apart, small models gain by sharing.
    public var tiesEmbedding: Bool
    /// Standard deviation of the normal distribution that every matrix starts from.
    public var initialStandardDeviation: Double

    /// A configuration; the defaults are those of `prover-mini`.
    public init(
        vocabularySize: Int = 512, contextLength: Int = 512, width: Int = 192, layerCount: Int = 6,
        headCount: Int = 6, keyValueHeadCount: Int = 2, feedForwardWidth: Int = 512, rotaryBase: Double = 10_000,
        normalizationEpsilon: Double = 1e-6, tiesEmbedding: Bool = true, initialStandardDeviation: Double = 0.006
    ) {
        self.vocabularySize = vocabularySize
        self.contextLength = contextLength
        self.width = width
        self.layerCount = layerCount
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.feedForwardWidth = feedForwardWidth
        self.rotaryBase = rotaryBase
        self.normalizationEpsilon = normalizationEpsilon
        self.tiesEmbedding = tiesEmbedding
        self.initialStandardDeviation = initialStandardDeviation
    }

    /// `E`, width of one head.
    public var headWidth: Int { width / headCount }

    /// Number of parameters of a decoder of this shape.
    public var parameterCount: Int {
        let attention = 2 * width * width + 2 * width * keyValueHeadCount * headWidth
        let block = attention + 3 * width * feedForwardWidth + 2 * width
        return vocabularySize * width * (tiesEmbedding ? 1 : 2) + layerCount * block + width
    }

    /// What is wrong with the configuration, or nil if a decoder can be made from it.
    public var problem: String? {
        let sizes = [
            ("vocabularySize", vocabularySize), ("contextLength", contextLength), ("width", width),
            ("layerCount", layerCount), ("headCount", headCount), ("keyValueHeadCount", keyValueHeadCount),
            ("feedForwardWidth", feedForwardWidth),
        ]
        for (name, value) in sizes where !(1...Self.largestSize).contains(value) {
            return "\(name) is \(value) but must be in 1...\(Self.largestSize)"
        }
        if width % headCount != 0 { return "headCount \(headCount) does not divide width \(width)" }
        if headWidth % 2 != 0 { return "a head is \(headWidth) wide but rotary embedding needs an even width" }
        if headCount % keyValueHeadCount != 0 {
            return "keyValueHeadCount \(keyValueHeadCount) does not divide headCount \(headCount)"
        }
        let positive = [
            ("rotaryBase", rotaryBase), ("normalizationEpsilon", normalizationEpsilon),
            ("initialStandardDeviation", initialStandardDeviation),
        ]
        for (name, value) in positive where !(value > 0 && value.isFinite) {
            return "\(name) is \(value) but must be positive"
        }
        return nil
    }

    /// Upper bound of every size, so that products of them can't overflow.
    private static let largestSize = 1 << 20
}
