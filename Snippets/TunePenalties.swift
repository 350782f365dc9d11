// Ridge regression chooses its own penalties: the validation loss is differentiated through the minimum.
import Optimizers
import Tensors

// 40 points to learn from, 40 to judge by; of 30 features only the first five matter.
let generator = TensorGenerator(seed: 1)
let truth = Tensor.concatenated([Tensor.ones([5]), Tensor.zeros([25])])
let x = generator.normal([80, 30])
let y = x.matmul(truth) + generator.normal([80]) * 0.5
let (learnX, judgeX) = (x.slice(dimension: 0, end: 40), x.slice(dimension: 0, start: 40))
let (learnY, judgeY) = (y.slice(dimension: 0, end: 40), y.slice(dimension: 0, start: 40))

// One penalty a feature, as a logarithm.
var penalties = Tensor.full([30], -2.0)
let optimizer = Adam(learningRate: 0.2)
var state = optimizer.initialState(for: penalties)
for step in 0...100 {
    let (loss, gradient) = valueAndGrad(at: penalties) { penalties in
        let weights = argmin(
            of: { weights, penalties in
                (learnX.matmul(weights) - learnY).square().mean() + (penalties.exp() * weights.square()).sum()
            }, at: penalties, from: Tensor.zeros([30]))
        return (judgeX.matmul(weights.value) - judgeY).square().mean()
    }
    if step.isMultiple(of: 25) { print("step \(step): validation loss \(loss.item())") }
    optimizer.step(&penalties, gradients: gradient, state: &state)
}
let kept = penalties.slice(dimension: 0, end: 5).mean().item()
let dropped = penalties.slice(dimension: 0, start: 5).mean().item()
print("mean log-penalty of features that matter: \(kept), of the others: \(dropped)")
