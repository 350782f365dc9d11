/// What may stand between the brackets of a tensor: an integer, a range of integers, or a `TensorIndex`.
public protocol TensorIndexing: Sendable {
    /// The step that it stands for.
    var tensorIndex: TensorIndex { get }
}

/// One step of indexing.
public struct TensorIndex: Sendable, TensorIndexing {
    enum Step: Sendable {
        case at(Int)
        case range(start: Int, end: Int, step: Int)
        case all
        case newDimension
        case ellipsis
        case indices(Tensor)
    }

    let step: Step

    /// Itself.
    public var tensorIndex: TensorIndex { self }
}

extension TensorIndexing where Self == TensorIndex {
    /// One index of the dimension, which goes away; negative ones count from the end.
    public static func at(_ index: Int) -> TensorIndex { TensorIndex(step: .at(index)) }
    /// A range of the dimension; negative bounds count from the end.
    public static func range(start: Int = 0, end: Int = .max, step: Int = 1) -> TensorIndex {
        TensorIndex(step: .range(start: start, end: end, step: step))
    }
    /// All of the dimension.
    public static var all: TensorIndex { TensorIndex(step: .all) }
    /// A new dimension of size 1.
    public static var newDimension: TensorIndex { TensorIndex(step: .newDimension) }
    /// All of as many dimensions as the other steps leave; at most one of a subscript.
    public static var ellipsis: TensorIndex { TensorIndex(step: .ellipsis) }
    /// The slices at the indices of an integer vector.
    public static func indices(_ indices: Tensor) -> TensorIndex { TensorIndex(step: .indices(indices)) }
}

extension Int: TensorIndexing {
    /// One index.
    public var tensorIndex: TensorIndex { .at(self) }
}

extension Range: TensorIndexing where Bound == Int {
    /// The range; a negative upper bound counts from the end.
    public var tensorIndex: TensorIndex { .range(start: lowerBound, end: upperBound, step: 1) }
}

extension ClosedRange: TensorIndexing where Bound == Int {
    /// The range with its upper bound.
    public var tensorIndex: TensorIndex {
        .range(start: lowerBound, end: upperBound == -1 ? .max : upperBound + 1, step: 1)
    }
}

extension PartialRangeFrom: TensorIndexing where Bound == Int {
    /// From a bound, which may count from the end, to the end.
    public var tensorIndex: TensorIndex { .range(start: lowerBound, end: .max, step: 1) }
}

extension PartialRangeUpTo: TensorIndexing where Bound == Int {
    /// From the start up to a bound, which may count from the end.
    public var tensorIndex: TensorIndex { .range(start: 0, end: upperBound, step: 1) }
}

extension PartialRangeThrough: TensorIndexing where Bound == Int {
    /// From the start through a bound, which may count from the end.
    public var tensorIndex: TensorIndex { .range(start: 0, end: upperBound == -1 ? .max : upperBound + 1, step: 1) }
}

extension Tensor {
    /// The slice at one index of the first dimension.
    public subscript(_ index: Int) -> Tensor { select(dimension: 0, index: index) }

    /// One step of indexing on the first dimension: `x[1..<3]`.
    public subscript<A: TensorIndexing>(_ a: A) -> Tensor { indexed([a.tensorIndex]) }

    /// Two steps: `x[0..., 2]`, `x[.ellipsis, 0]`.
    public subscript<A: TensorIndexing, B: TensorIndexing>(_ a: A, _ b: B) -> Tensor {
        indexed([a.tensorIndex, b.tensorIndex])
    }

    /// Three steps.
    public subscript<A: TensorIndexing, B: TensorIndexing, C: TensorIndexing>(_ a: A, _ b: B, _ c: C) -> Tensor {
        indexed([a.tensorIndex, b.tensorIndex, c.tensorIndex])
    }

    /// Four steps.
    public subscript<A: TensorIndexing, B: TensorIndexing, C: TensorIndexing, D: TensorIndexing>(
        _ a: A, _ b: B, _ c: C, _ d: D
    ) -> Tensor {
        indexed([a.tensorIndex, b.tensorIndex, c.tensorIndex, d.tensorIndex])
    }

    /// Any number of steps, taken from the first dimension on; dimensions left over are taken whole.
    public func indexed(_ steps: [TensorIndex]) -> Tensor {
        let rank = rank
        let used = steps.count { step in
            switch step.step {
            case .newDimension, .ellipsis: false
            default: true
            }
        }
        precondition(used <= rank, "Tensors: \(used) indices into a tensor of shape \(shape)")
        var result = self
        var dimension = 0
        for step in steps {
            switch step.step {
            case .at(let index):
                result = result.select(dimension: dimension, index: index)
            case .range(let start, let end, let step):
                result = result.slice(dimension: dimension, start: start, end: end, step: step)
                dimension += 1
            case .all:
                dimension += 1
            case .newDimension:
                result = result.unsqueezed(dimension)
                dimension += 1
            case .ellipsis:
                dimension += rank - used
            case .indices(let indices):
                result = result.indexSelect(dimension: dimension, indices)
                dimension += 1
            }
        }
        return result
    }
}
