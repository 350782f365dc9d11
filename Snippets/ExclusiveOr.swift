// A network of two layers learns the exclusive or.
import Networks
import Optimizers
import Tensors

let inputs = Tensor(rows: [[0, 0], [0, 1], [1, 0], [1, 1]] as [[Float]])
let targets = Tensor(rows: [[0], [1], [1], [0]] as [[Float]])
var network = MultilayerPerceptron(widths: [2, 16, 1], generator: TensorGenerator(seed: 1))
let optimizer = AdamW(learningRate: 0.05)
var state = optimizer.initialState(for: network)
for step in 1...300 {
    let (loss, gradients) = valueAndGrad(at: network) { $0(inputs).meanSquaredError(targets) }
    optimizer.step(&network, gradients: gradients, state: &state)
    if step.isMultiple(of: 100) { print("step \(step): loss \(loss.item())") }
}
