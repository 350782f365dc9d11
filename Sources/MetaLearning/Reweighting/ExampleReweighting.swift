public import Tensors

/// Weights of training examples by how much a step on each would help on a few trusted ones.
///
/// With example losses l_i and weights ε_i that are 0, the derivative of the validation loss after one step
/// θ − α ∇ Σ ε_i l_i by ε_i is −α ∇L · ∇l_i. Its negative part, made to sum to 1, is the weights: the products ∇L · ∇l_i
/// are one derivative of all example losses along ∇L, so that nothing has to be unrolled.
///
/// Source: Ren, Zeng, Yang and Urtasun 2018, "Learning to reweight examples for robust deep learning", algorithm 1.
public enum ExampleReweighting {
    /// The weights for one batch.
    ///
    /// - Parameters:
    ///   - model: where the model is.
    ///   - validationLoss: the scalar loss on trusted examples.
    ///   - exampleLosses: the losses of the batch's examples, `[n]`, n at least 1.
    /// - Returns: `[n]`, at least 0, with sum 1; all 0 when no example would help.
    /// - Throws: `GameError.noExamples` for an empty batch.
    public static func weights<Model: TensorTree>(
        of model: Model, validationLoss: (Model) -> Tensor, exampleLosses: (Model) -> Tensor
    ) throws(GameError) -> Tensor {
        let direction = grad(at: model, validationLoss)
        let products = withoutGradients { jvp(at: model, along: direction, exampleLosses).derivative }
        precondition(
            products.shape.count == 1,
            "ExampleReweighting.weights: example losses of shape \(products.shape); give one number an example, [n]")
        guard products.elementCount > 0 else { throw .noExamples(set: "training") }
        return normalized(products)
    }

    /// The same weights by differentiating through the step, as the paper's algorithm is written.
    ///
    /// Slower; for steps other than plain gradient descent it can be changed to differ.
    ///
    /// - Parameters:
    ///   - model: where the model is.
    ///   - rate: α above 0, which doesn't change the weights but for rounding.
    ///   - validationLoss: the scalar loss on trusted examples.
    ///   - exampleLosses: the losses of the batch's examples, `[n]`, n at least 1.
    /// - Returns: `[n]`, at least 0, with sum 1; all 0 when no example would help.
    /// - Throws: `GameError.noExamples` for an empty batch.
    public static func unrolledWeights<Model: TensorTree>(
        of model: Model, rate: Double, validationLoss: (Model) -> Tensor, exampleLosses: (Model) -> Tensor
    ) throws(GameError) -> Tensor {
        let zeros = withoutGradients { Tensor.zeros(like: exampleLosses(model)) }
        guard zeros.elementCount > 0 else { throw .noExamples(set: "training") }
        let slopes = grad(at: zeros) { weights in
            let step = grad(at: model, createGraph: true) { (exampleLosses($0) * weights).sum() }
            return validationLoss(model.zipTensors(step) { $0 - $1 * rate })
        }
        return normalized(-slopes)
    }

    /// What is above 0, divided by its sum.
    private static func normalized(_ helpfulness: Tensor) -> Tensor {
        let positive = helpfulness.relu()
        let sum = positive.sum()
        return sum.item() > 0 ? positive / sum : positive
    }
}
