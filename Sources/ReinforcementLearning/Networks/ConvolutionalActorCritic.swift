public import Networks
public import Tensors

/// Three convolutions and a dense layer, shared by policy and value, for stacks of small pictures.
///
/// 32 filters of 8×8 with stride 4, 64 of 4×4 with stride 2, 64 of 3×3 with stride 1, 512 numbers, ReLU after each.
/// Source: Mnih et al. 2015, "Human-level control through deep reinforcement learning", Nature 518, methods. Weights start
/// orthogonal, gain √2, 0.01 for the policy's output and 1 for the value's; biases at 0.
public struct ConvolutionalActorCritic: ActorCritic {
    /// A layer that slides over pictures.
    public struct Convolution: Module {
        /// `[outputs, inputs, size, size]`.
        public var weight: Tensor
        /// `[outputs]`.
        public var bias: Tensor
        /// Pixels from one place to the next.
        public let stride: Int

        init(inputs: Int, outputs: Int, size: Int, stride: Int, generator: TensorGenerator) {
            weight = Initializer.orthogonal(gain: 2.0.squareRoot())(
                [outputs, inputs, size, size], generator: generator)
            bias = Tensor.zeros([outputs])
            self.stride = stride
        }

        /// Shows both parameters.
        ///
        /// - Parameter visitor: sees and may replace them.
        public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
            visitor.visit("weight", &weight)
            visitor.visit("bias", &bias)
        }

        func callAsFunction(_ input: Tensor) -> Tensor {
            input.convolution2D(weight: weight, bias: bias, stride: stride)
        }
    }

    /// The convolutions.
    public var convolutions: [Convolution]
    /// From all filters' outputs to 512 numbers.
    public var dense: Linear
    /// Logits.
    public var actor: Linear
    /// One number.
    public var critic: Linear

    /// Policy and value share all but their last layers.
    public static var sharesLayers: Bool { true }

    /// Draws a network.
    ///
    /// - Parameters:
    ///   - shape: channels, height and width of an observation; at least 36 pixels each way.
    ///   - actions: A.
    ///   - generator: where the weights are drawn from.
    /// - Precondition: the shape fits; violations trap.
    public init(shape: [Int], actions: Int, generator: TensorGenerator) {
        precondition(
            shape.count == 3 && shape[1] >= 36 && shape[2] >= 36,
            "ConvolutionalActorCritic: observations of shape \(shape), must be [channels, height, width] of 36 or more")
        convolutions = [
            Convolution(inputs: shape[0], outputs: 32, size: 8, stride: 4, generator: generator),
            Convolution(inputs: 32, outputs: 64, size: 4, stride: 2, generator: generator),
            Convolution(inputs: 64, outputs: 64, size: 3, stride: 1, generator: generator),
        ]
        let sides = shape.dropFirst().map { ((($0 - 8) / 4 + 1) - 4) / 2 + 1 - 2 }
        func layer(_ inputs: Int, _ outputs: Int, _ gain: Double) -> Linear {
            Linear(
                inputs: inputs, outputs: outputs, weightInitializer: .orthogonal(gain: gain), biasInitializer: .zeros,
                generator: generator)
        }
        dense = layer(64 * sides[0] * sides[1], 512, 2.0.squareRoot())
        actor = layer(512, actions, 0.01)
        critic = layer(512, 1, 1)
    }

    /// Shows all parameters.
    ///
    /// - Parameter visitor: sees and may replace them.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("convolutions", &convolutions)
        visitor.visit("dense", &dense)
        visitor.visit("actor", &actor)
        visitor.visit("critic", &critic)
    }

    private func features(_ observations: Tensor) -> Tensor {
        let scaled = observations.to(actor.weight.dtype) * (1.0 / 255)
        let filtered = convolutions.reduce(scaled) { $1($0).relu() }
        return dense(filtered.flattened(from: 1)).relu()
    }

    /// The policy chooses among actions.
    public var logDeviation: Tensor? { nil }

    /// Both outputs.
    ///
    /// - Parameter observations: `[B, channels, height, width]`, brightness from 0 to 255.
    /// - Returns: logits `[B, A]`, and values `[B]`.
    public func callAsFunction(_ observations: Tensor) -> (parameters: Tensor, values: Tensor) {
        let features = features(observations)
        return (actor(features), critic(features).squeezed(-1))
    }

    /// Logits.
    ///
    /// - Parameter observations: `[B, channels, height, width]`, brightness from 0 to 255.
    /// - Returns: `[B, A]`.
    public func parameters(_ observations: Tensor) -> Tensor { actor(features(observations)) }

    /// Values.
    ///
    /// - Parameter observations: `[B, channels, height, width]`, brightness from 0 to 255.
    /// - Returns: `[B]`.
    public func values(_ observations: Tensor) -> Tensor { critic(features(observations)).squeezed(-1) }

    /// There are convolutions before the dense layers.
    public var densePolicy: [Linear]? { nil }
}
