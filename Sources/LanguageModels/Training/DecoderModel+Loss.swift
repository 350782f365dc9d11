import Networks
public import Tensors

extension DecoderModel {
    /// Mean cross-entropy in nats over the targets of a batch that count.
    ///
    /// Logits are made only at positions whose target counts; padding and prompts cost no output matrix. The softmax
    /// is computed in the type of the parameters, in float32 if that is bfloat16.
    ///
    /// - Parameter batch: at least one target must count, else it traps.
    /// - Returns: a scalar.
    public func loss(_ batch: TokenBatch) -> Tensor {
        let device = embedding.weight.device
        let places = batch.weights.indices.filter { batch.weights[$0] != 0 }
        precondition(!places.isEmpty, "loss: no target of the batch of \(batch.count) sequences counts")
        let inputs = Tensor(batch.inputs, shape: [batch.count, batch.length], device: device)
        let hidden = hiddenStates(inputs).reshaped([batch.count * batch.length, configuration.width])
        let scored = hidden.indexSelect(dimension: 0, Tensor(places, device: device))
        let targets = Tensor(places.map { batch.targets[$0] }, device: device)
        let logits = logits(of: scored)
        return (logits.dtype == .bfloat16 ? logits.to(.float32) : logits).crossEntropy(targets)
    }

    /// Log-probability of every target of a batch, 0 where the target doesn't count.
    ///
    /// - Parameter batch: examples side by side.
    /// - Returns: `[B, T]`, differentiable.
    public func logProbabilities(_ batch: TokenBatch) -> Tensor {
        let device = embedding.weight.device
        let shape = [batch.count, batch.length]
        let logits = self(Tensor(batch.inputs, shape: shape, device: device))
        let wide = logits.dtype == .bfloat16 ? logits.to(.float32) : logits
        let targets = Tensor(batch.targets, shape: shape, device: device).unsqueezed(-1)
        let chosen = wide.logSoftmax(dimension: -1).gather(dimension: -1, targets).squeezed(-1)
        return chosen * Tensor(batch.weights, shape: shape, dtype: wide.dtype, device: device)
    }
}
