public import Tensors

extension RepeatedGame {
    /// Both players' exact values as tensors that one can differentiate any number of times.
    ///
    /// Many pairs of policies are taken together along leading axes. `ExactPlay` is faster for one pair.
    ///
    /// - Parameters:
    ///   - firstLogits: the first player's logits of action 0, `[..., 5]`, of a floating-point type.
    ///   - secondLogits: the second player's, of the same shape and type.
    /// - Returns: the values, `[...]` each.
    /// - Throws: `TensorError` when the system can't be solved, which finite logits don't bring about.
    public func values(
        firstLogits: Tensor, secondLogits: Tensor
    ) throws(TensorError) -> (first: Tensor, second: Tensor) {
        let rows = outcomeRows(firstLogits, secondLogits)
        let start = rows.select(dimension: -2, index: 0)
        let transitions = rows.slice(dimension: -2, start: 1)
        let system = Tensor.identity(4, dtype: firstLogits.dtype, device: firstLogits.device) - transitions * discount
        let payoffs = payoffColumns(like: firstLogits)
        let solved = try system.solve(payoffs.expanded(Array(firstLogits.shape.dropLast()) + [4, 2]))
        let both = (start.unsqueezed(-1) * solved).sum(dimension: -2)
        return (both.select(dimension: -1, index: 0), both.select(dimension: -1, index: 1))
    }

    /// Both players' exact values of a number of rounds, as tensors that one can differentiate any number of times.
    ///
    /// - Parameters:
    ///   - firstLogits: the first player's logits of action 0, `[..., 5]`, of a floating-point type.
    ///   - secondLogits: the second player's, of the same shape and type.
    ///   - rounds: rounds to sum discounted payoffs over, at least 1.
    /// - Returns: the values, `[...]` each.
    public func values(
        firstLogits: Tensor, secondLogits: Tensor, rounds: Int
    ) -> (first: Tensor, second: Tensor) {
        precondition(rounds > 0, "RepeatedGame.values: \(rounds) rounds; give at least 1")
        let rows = outcomeRows(firstLogits, secondLogits)
        let transitions = rows.slice(dimension: -2, start: 1)
        var distribution = rows.slice(dimension: -2, start: 0, end: 1)
        var total = distribution
        for _ in 1..<rounds {
            distribution = distribution.matmul(transitions) * discount
            total = total + distribution
        }
        let both = total.matmul(payoffColumns(like: firstLogits)).select(dimension: -2, index: 0)
        return (both.select(dimension: -1, index: 0), both.select(dimension: -1, index: 1))
    }

    /// Distributions of the outcome by what the first player observes, `[..., 5, 4]`.
    private func outcomeRows(_ firstLogits: Tensor, _ secondLogits: Tensor) -> Tensor {
        precondition(
            firstLogits.shape.last == 5 && firstLogits.shape == secondLogits.shape,
            "RepeatedGame.values: logits of shapes \(firstLogits.shape) and \(secondLogits.shape); give [..., 5] twice")
        let order = Tensor(Self.secondObservation, shape: [5], dtype: .int64)
        let p = firstLogits.sigmoid()
        let q = secondLogits.sigmoid().indexSelect(dimension: -1, order)
        let notP = (-firstLogits).sigmoid()
        let notQ = (-secondLogits).sigmoid().indexSelect(dimension: -1, order)
        return Tensor.stacked([p * q, p * notQ, notP * q, notP * notQ], dimension: -1)
    }

    /// Payoffs of both players as columns, `[4, 2]`.
    private func payoffColumns(like logits: Tensor) -> Tensor {
        Tensor(rows: [firstPayoffs, secondPayoffs], dtype: logits.dtype, device: logits.device).transposed()
    }
}
