public import Tensors

/// A function applied to every element.
public struct Activation: Sendable {
    /// Its name, for records.
    public let name: String

    private let function: @Sendable (Tensor) -> Tensor

    /// Creates an activation.
    ///
    /// - Parameters:
    ///   - name: its name, for records.
    ///   - function: keeps the shape, and is differentiable.
    public init(_ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor) {
        self.name = name
        self.function = function
    }

    /// Applies the function.
    ///
    /// - Parameter input: any shape.
    /// - Returns: the same shape.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        function(input)
    }

    /// x.
    public static let identity = Activation("identity") { $0 }

    /// max(x, 0).
    public static let relu = Activation("relu") { $0.relu() }

    /// x·Φ(x), Φ the normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415).
    public static let gelu = Activation("gelu") { $0.gelu() }

    /// The tanh approximation of `gelu` (same source).
    public static let geluTanh = Activation("geluTanh") { $0.gelu(approximate: true) }

    /// x·σ(x), also called swish.
    public static let silu = Activation("silu") { $0.silu() }

    /// tanh(x).
    public static let tanh = Activation("tanh") { $0.tanh() }

    /// 1 / (1 + e⁻ˣ).
    public static let sigmoid = Activation("sigmoid") { $0.sigmoid() }

    /// log(1 + eˣ).
    public static let softplus = Activation("softplus") { $0.softplus() }

    /// x for x > 0, else α(eˣ − 1).
    ///
    /// - Parameter alpha: α.
    /// - Returns: the activation.
    public static func elu(alpha: Double = 1) -> Activation {
        Activation("elu") { $0.elu(alpha: alpha) }
    }

    /// x for x > 0, else slope·x.
    ///
    /// - Parameter slope: slope for negative x.
    /// - Returns: the activation.
    public static func leakyReLU(slope: Double = 0.01) -> Activation {
        Activation("leakyReLU") { $0.leakyRelu(slope: slope) }
    }
}
