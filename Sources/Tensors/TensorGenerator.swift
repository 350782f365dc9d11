import CTorch

/// A seeded source of random tensors.
///
/// Nothing in this package draws from a global generator.
///
/// The same seed and the same calls in the same order give the same numbers on one version of libtorch. A generator
/// may be used from several threads (each draw is locked), but the order of their draws is then up to chance: give
/// each task its own.
public final class TensorGenerator: @unchecked Sendable {
    // `@unchecked`: the pointer never changes, and libtorch locks the generator's own mutex for each draw.
    private let pointer: OpaquePointer
    /// Where the tensors that it draws lie.
    public let device: Device

    /// A generator (a Mersenne twister on the CPU) in the state that belongs to a seed.
    public init(seed: UInt64, device: Device = .cpu) {
        var error = CTError()
        guard let pointer = ct_generator_new(seed, device.typeCode, device.indexCode, &error) else {
            stop("TensorGenerator", [], &error)
        }
        self.pointer = pointer
        self.device = device
    }

    /// A generator on the CPU that goes on where another had come to.
    ///
    /// - Parameter state: what `state` of the other returned.
    /// - Throws: `TensorError.badGeneratorState` when the bytes are something else.
    public convenience init(state: [UInt8]) throws(TensorError) {
        self.init(seed: 0)
        try restore(state)
    }

    deinit {
        ct_generator_release(pointer)
    }

    /// The whole state: about 5 kB for a CPU generator.
    public var state: [UInt8] {
        make("TensorGenerator.state") { ct_generator_state(pointer, $0) }.array(of: UInt8.self)
    }

    /// Goes back to a state that `state` returned earlier.
    ///
    /// - Throws: `TensorError.badGeneratorState` when the bytes are something else; the state is then unchanged.
    public func restore(_ state: [UInt8]) throws(TensorError) {
        let bytes = Tensor(state)
        var error = CTError()
        let status = withExtendedLifetime(bytes.handle) {
            ct_generator_set_state(pointer, bytes.handle.pointer, &error)
        }
        if status != 0 { throw .badGeneratorState(reason: takeSentence(&error)) }
    }

    /// Uniform numbers in `[low, high)`.
    public func uniform(_ shape: [Int], low: Double = 0, high: Double = 1, dtype: DType = .float32) -> Tensor {
        let unit = make("uniform") { ct_rand(pointer, shape, shape.count, CTOptions(dtype, device), $0) }
        return low == 0 && high == 1 ? unit : unit * (high - low) + low
    }

    /// Normally distributed numbers.
    ///
    /// - Parameters:
    ///   - shape: of the result.
    ///   - mean: μ.
    ///   - deviation: σ, at least 0.
    ///   - dtype: a floating-point type.
    /// - Returns: a new tensor of the shape.
    public func normal(
        _ shape: [Int], mean: Double = 0, deviation: Double = 1, dtype: DType = .float32
    ) -> Tensor {
        precondition(deviation >= 0, "Tensors: normal with the standard deviation \(deviation)")
        let unit = make("normal") { ct_randn(pointer, shape, shape.count, CTOptions(dtype, device), $0) }
        return mean == 0 && deviation == 1 ? unit : unit * deviation + mean
    }

    /// Integers from a range, each equally likely.
    public func integers(_ shape: [Int], in range: Range<Int>, dtype: DType = .int64) -> Tensor {
        make("integers") {
            ct_randint(
                pointer, range.lowerBound, range.upperBound, shape, shape.count, CTOptions(dtype, device), $0)
        }
    }

    /// The integers `0 ..< count` in a random order: int64 `[count]`.
    public func permutation(_ count: Int) -> Tensor {
        make("permutation") { ct_randperm(pointer, count, CTOptions(.int64, device), $0) }
    }

    /// 1 with the probability that each element gives, else 0; in the type of `probabilities`.
    public func bernoulli(_ probabilities: Tensor) -> Tensor {
        call("bernoulli", probabilities) { ct_bernoulli(pointer, $0, $1) }
    }

    /// True with a probability, in a new bool tensor.
    public func mask(_ shape: [Int], probability: Double) -> Tensor {
        uniform(shape) .< probability
    }

    /// Indices drawn with chances in proportion to weights: `[N]` or `[B, N]` gives int64 `[count]` or `[B, count]`.
    ///
    /// - Parameters:
    ///   - weights: at least 0, some above; they need not add up to 1.
    ///   - count: how many indices of each row.
    ///   - replacement: whether one index may come again.
    /// - Returns: int64 `[count]` or `[B, count]`.
    public func multinomial(_ weights: Tensor, count: Int = 1, replacement: Bool = false) -> Tensor {
        call("multinomial", weights) { ct_multinomial(pointer, $0, count, replacement, $1) }
    }

    /// Indices drawn along the last dimension with chances softmax(logits): `[..., N]` gives int64 `[...]`.
    ///
    /// Draws arg max of pᵢ / Eᵢ with exponential Eᵢ, which needs no cumulative sums and any number of dimensions.
    public func categorical(logits: Tensor) -> Tensor {
        let noise = call("categorical", logits) { ct_exponential_like(pointer, $0, $1) }
        return (logits.detached() - noise.log()).argmax(dimension: -1)
    }

    /// Elements set to 0 with a probability, and the others scaled by 1 / (1 − probability).
    ///
    /// Source: Srivastava et al. 2014, in the form that leaves inference unchanged.
    ///
    /// - Parameters:
    ///   - tensor: any shape.
    ///   - probability: in `[0, 1)`.
    /// - Returns: the shape of the tensor.
    public func dropout(_ tensor: Tensor, probability: Double) -> Tensor {
        precondition(probability >= 0 && probability < 1, "Tensors: dropout with the probability \(probability)")
        if probability == 0 { return tensor }
        let keep = call("dropout", Tensor.full(like: tensor.detached(), 1 - probability)) {
            ct_bernoulli(pointer, $0, $1)
        }
        return tensor * (keep / (1 - probability))
    }
}
