public import Tensors

/// How far gradients are from central differences.
public struct GradientCheck: Sendable, CustomStringConvertible {
    /// The largest |analytic − numeric| / (1 + |numeric|) over all numbers of all tensors.
    public var worst: Double
    /// Where that was.
    public var path: String
    /// The index there, in row-major order.
    public var index: Int
    /// The gradient that was checked, there.
    public var analytic: Double
    /// Its central difference.
    public var numeric: Double

    /// One line with all of it.
    public var description: String {
        "gradient of \(path)[\(index)]: \(analytic), by differences \(numeric), error \(worst)"
    }
}

/// Compares the gradient of a scalar function with central differences in float64.
///
/// Every floating-point number of the argument is moved by ±step in turn, so keep arguments small. With
/// `step = 1e-5` the differences of a smooth function of size 1 are good to about 1e-10: 1e-11 of truncation
/// (step² f‴ / 6) and 1e-11 of rounding (2⁻⁵³ / step).
///
/// - Parameters:
///   - argument: where to differentiate; converted to float64.
///   - step: how far numbers are moved.
///   - function: must return a scalar.
/// - Returns: the worst place.
public func checkGradient<Argument: TensorTree>(
    at argument: Argument, step: Double = 1e-5, _ function: (Argument) throws -> Tensor
) rethrows -> GradientCheck {
    let point = argument.converted(to: .float64)
    let gradient = try grad(at: point, function).tensors
    let flat = point.flattened()
    let originals = flat.map(\.tensor)
    var result = GradientCheck(worst: 0, path: "", index: 0, analytic: 0, numeric: 0)
    for (place, entry) in flat.enumerated() where entry.tensor.dtype.isFloatingPoint {
        let analytic = gradient[place].array(of: Double.self)
        let values = entry.tensor.array(of: Double.self)
        for index in values.indices {
            let numeric = try differenceQuotient(
                point, originals, place: place, values: values, index: index, step: step, function)
            let error = abs(analytic[index] - numeric) / (1 + abs(numeric))
            if !(error <= result.worst) {
                result = GradientCheck(
                    worst: error.isNaN ? .infinity : error, path: entry.path, index: index, analytic: analytic[index],
                    numeric: numeric)
            }
        }
    }
    return result
}

/// Compares second derivatives with central differences of the gradient: the gradient of ⟨gradient, direction⟩.
///
/// - Parameters:
///   - argument: where to differentiate; converted to float64.
///   - step: how far numbers are moved.
///   - function: must return a scalar.
/// - Returns: the worst place.
public func checkSecondGradient<Argument: TensorTree>(
    at argument: Argument, step: Double = 1e-5, _ function: (Argument) throws -> Tensor
) rethrows -> GradientCheck {
    try checkGradient(at: argument, step: step) { point in
        let first = try grad(at: point, createGraph: true, function).tensors
        // A fixed direction without symmetry: 1, 1.3, 1.6, ... over the numbers of each tensor.
        let terms = first.filter(\.dtype.isFloatingPoint).map { gradient in
            let direction = (Tensor.arange(gradient.elementCount).to(.float64) * 0.3 + 1).reshaped(gradient.shape)
            return (gradient * direction).sum()
        }
        return Tensor.stacked(terms).sum()
    }
}

private func differenceQuotient<Argument: TensorTree>(
    _ point: Argument, _ originals: [Tensor], place: Int, values: [Double], index: Int, step: Double,
    _ function: (Argument) throws -> Tensor
) rethrows -> Double {
    func value(_ shift: Double) throws -> Double {
        var moved = values
        moved[index] += shift
        var tensors = originals
        tensors[place] = Tensor(moved, shape: originals[place].shape)
        return try function(point.replacingTensors(with: tensors)).item()
    }
    return try (value(step) - value(-step)) / (2 * step)
}
