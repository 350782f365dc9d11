import Foundation

/// The softmax of each row of a table.
func softmaxRows(_ table: [Double], width: Int) -> [Double] {
    var result = table
    result.withUnsafeMutableBufferPointer { result in
        for start in stride(from: 0, to: result.count, by: width) {
            var greatest = -Double.infinity
            for index in start..<(start + width) { greatest = max(greatest, result[index]) }
            var sum = 0.0
            for index in start..<(start + width) {
                result[index] = exp(result[index] - greatest)
                sum += result[index]
            }
            for index in start..<(start + width) { result[index] /= sum }
        }
    }
    return result
}

/// The derivative of a softmax table along a direction: π ⊙ (v − ⟨π, v⟩) in each row.
func softmaxDerivative(_ policy: [Double], along direction: [Double], width: Int) -> [Double] {
    var result = direction
    for start in stride(from: 0, to: policy.count, by: width) {
        var mean = 0.0
        for index in start..<(start + width) { mean += policy[index] * direction[index] }
        for index in start..<(start + width) { result[index] = policy[index] * (direction[index] - mean) }
    }
    return result
}

/// Σ a b.
func innerProduct(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
}

/// a + factor · b.
func sum(_ a: [Double], _ b: [Double], times factor: Double) -> [Double] {
    var result = a
    for index in result.indices { result[index] += factor * b[index] }
    return result
}
