/// A square linear system, factored once and solved for many right sides.
///
/// Gaussian elimination with partial pivoting, for the small systems of tabular processes.
struct LinearSystem {
    private let size: Int
    /// Upper factor in and above the diagonal, lower factor (its diagonal is 1) below it.
    private var factors: [Double]
    /// The row of the matrix that stands in each row of the factors.
    private var order: [Int]

    /// Factors a matrix; nil when it is singular to working precision.
    ///
    /// - Parameters:
    ///   - matrix: `[size, size]` in row-major order.
    ///   - size: number of rows.
    /// - Complexity: O(size³).
    init?(_ matrix: [Double], size: Int) {
        self.size = size
        factors = matrix
        order = Array(0..<size)
        let scale = matrix.reduce(0) { max($0, abs($1)) }
        let isRegular = factors.withUnsafeMutableBufferPointer { factors in
            for column in 0..<size {
                var pivot = column
                for row in column..<size
                where abs(factors[row * size + column]) > abs(factors[pivot * size + column]) { pivot = row }
                let largest = abs(factors[pivot * size + column])
                guard largest > 1e-13 * scale, largest.isFinite else { return false }
                if pivot != column {
                    for index in 0..<size { factors.swapAt(pivot * size + index, column * size + index) }
                    order.swapAt(pivot, column)
                }
                let inverse = 1 / factors[column * size + column]
                for row in stride(from: column + 1, to: size, by: 1) {
                    let factor = factors[row * size + column] * inverse
                    factors[row * size + column] = factor
                    guard factor != 0 else { continue }
                    for index in stride(from: column + 1, to: size, by: 1) {
                        factors[row * size + index] -= factor * factors[column * size + index]
                    }
                }
            }
            return true
        }
        guard isRegular else { return nil }
    }

    /// The solution x of A x = right.
    func solve(_ right: [Double]) -> [Double] {
        var result = order.map { right[$0] }
        for row in 0..<size {
            var sum = result[row]
            for column in 0..<row { sum -= factors[row * size + column] * result[column] }
            result[row] = sum
        }
        for row in stride(from: size - 1, through: 0, by: -1) {
            var sum = result[row]
            for column in stride(from: row + 1, to: size, by: 1) {
                sum -= factors[row * size + column] * result[column]
            }
            result[row] = sum / factors[row * size + row]
        }
        return result
    }

    /// The solution x of Aᵀ x = right.
    func solveTransposed(_ right: [Double]) -> [Double] {
        var partial = right
        for row in 0..<size {
            var sum = partial[row]
            for column in 0..<row { sum -= factors[column * size + row] * partial[column] }
            partial[row] = sum / factors[row * size + row]
        }
        for row in stride(from: size - 1, through: 0, by: -1) {
            var sum = partial[row]
            for column in stride(from: row + 1, to: size, by: 1) {
                sum -= factors[column * size + row] * partial[column]
            }
            partial[row] = sum
        }
        var result = partial
        for (place, row) in order.enumerated() { result[row] = partial[place] }
        return result
    }
}
