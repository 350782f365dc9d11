import CTorch

extension Tensor {
    /// max(x, 0).
    public func relu() -> Tensor { call("relu", self, ct_relu) }
    /// 1 / (1 + e⁻ˣ).
    public func sigmoid() -> Tensor { call("sigmoid", self, ct_sigmoid) }
    /// ln(1 / (1 + e⁻ˣ)), exact for large |x|.
    public func logSigmoid() -> Tensor { call("logSigmoid", self, ct_log_sigmoid) }
    /// x · sigmoid(x), also called swish.
    public func silu() -> Tensor { call("silu", self, ct_silu) }

    /// x Φ(x), Φ being the normal distribution function.
    ///
    /// - Parameter approximate: x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))) instead of the exact function.
    /// - Returns: the shape of self.
    public func gelu(approximate: Bool = false) -> Tensor { call("gelu", self) { ct_gelu($0, approximate, $1) } }

    /// ln(1 + e^(βx)) / β; x itself where βx > threshold.
    public func softplus(beta: Double = 1, threshold: Double = 20) -> Tensor {
        call("softplus", self) { ct_softplus($0, beta, threshold, $1) }
    }

    /// x above 0, α (eˣ − 1) below.
    public func elu(alpha: Double = 1) -> Tensor { call("elu", self) { ct_elu($0, alpha, $1) } }

    /// x above 0, slope · x below.
    public func leakyRelu(slope: Double = 0.01) -> Tensor { call("leakyRelu", self) { ct_leaky_relu($0, slope, $1) } }

    /// exp(xᵢ) / Σ exp(xⱼ) along a dimension; the shape stays.
    public func softmax(dimension: Int = -1) -> Tensor { call("softmax", self) { ct_softmax($0, dimension, $1) } }

    /// xᵢ − ln Σ exp(xⱼ) along a dimension; the shape stays.
    public func logSoftmax(dimension: Int = -1) -> Tensor {
        call("logSoftmax", self) { ct_log_softmax($0, dimension, $1) }
    }
}
