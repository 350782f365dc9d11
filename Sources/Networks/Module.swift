public import Tensors

/// A layer or model: a struct whose stored tensors and layers are its parameter tree.
///
/// A model is a value. A functional call with other parameters is a call of another value of the same struct, which
/// `mapTensors`, `replacingTensors(with:)` or an optimiser's `applying(_:)` makes; the gradient of a model is a value
/// of the same struct. Nothing is found by reflection: a conformer names its parameters in `visitTensors`.
///
///     struct Classifier: Module {
///         var hidden: Linear
///         var output: Linear
///
///         mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
///             visitor.visit("hidden", &hidden)
///             visitor.visit("output", &output)
///         }
///
///         func callAsFunction(_ x: Tensor) -> Tensor { output(hidden(x).relu()) }
///     }
///
/// Everything visited is a parameter that training changes. Tables that follow from options (rotary angles, masks)
/// are computed, not stored. New layers start with parameters of their own type on the CPU, drawn from the generator
/// that is passed in; `moved(to:)` and `converted(to:)` change that.
public protocol Module: TensorTree, Sendable {}
