import CTorch

extension Tensor {
    /// Matrix product over the last two dimensions, others broadcast: `[..., M, K]` by `[..., K, N]`.
    ///
    /// A vector stands for a row on the left, for a column on the right, and loses that dimension again.
    public func matmul(_ other: Tensor) -> Tensor { call("matmul", self, other, ct_matmul) }

    /// Matrix products of two stacks: `[B, M, K]` by `[B, K, N]` gives `[B, M, N]`.
    public func batchedMatmul(_ other: Tensor) -> Tensor { call("batchedMatmul", self, other, ct_bmm) }

    /// Inner product of two vectors: a scalar.
    public func dot(_ other: Tensor) -> Tensor { call("dot", self, other, ct_dot) }

    /// Outer product of two vectors: `[M]` by `[N]` gives `[M, N]`.
    public func outer(_ other: Tensor) -> Tensor { call("outer", self, other, ct_outer) }

    /// self + a · b, one call: self `[N]` or `[M, N]`, a `[M, K]`, b `[K, N]`.
    public func addingMatmul(_ a: Tensor, _ b: Tensor) -> Tensor { call("addingMatmul", self, a, b, ct_addmm) }

    /// Sum of products in Einstein's notation, such as `"bij,bjk->bik"`.
    public static func einsum(_ equation: String, _ tensors: Tensor...) -> Tensor {
        withPointers(tensors) { pointers in
            var error = CTError()
            guard let result = ct_einsum(equation, pointers, tensors.count, &error) else {
                stop("einsum", tensors, &error)
            }
            return Tensor(TensorHandle(owning: result))
        }
    }

    /// The solution X of self · X = right, for square matrices `[..., N, N]`.
    ///
    /// - Throws: `TensorError.numericalFailure` for a singular matrix.
    public func solve(_ right: Tensor) throws(TensorError) -> Tensor {
        try attempt("solve") { error in
            withExtendedLifetime(right.handle) { ct_solve(handle.pointer, right.handle.pointer, error) }
        }
    }

    /// The inverse of square matrices `[..., N, N]`.
    ///
    /// - Throws: `TensorError.numericalFailure` for a singular matrix.
    public func inverse() throws(TensorError) -> Tensor {
        try attempt("inverse") { ct_inverse(handle.pointer, $0) }
    }

    /// The lower factor L with L Lᵀ = self, for symmetric positive definite matrices `[..., N, N]`.
    ///
    /// - Throws: `TensorError.numericalFailure` for a matrix that is not positive definite.
    public func cholesky() throws(TensorError) -> Tensor {
        try attempt("cholesky") { ct_cholesky(handle.pointer, $0) }
    }

    /// Determinants of square matrices: `[..., N, N]` gives `[...]`.
    public func determinant() -> Tensor { call("determinant", self, ct_determinant) }

    /// Sign and natural logarithm of the absolute determinants of square matrices, without overflow.
    public func signAndLogDeterminant() -> (sign: Tensor, logarithm: Tensor) {
        callForPair("signAndLogDeterminant", self) { ct_slogdet($0, $1, $2) }
    }

    /// Q with orthonormal columns and upper triangular R, whose product is self `[..., M, N]`.
    public func qr() -> (q: Tensor, r: Tensor) { callForPair("qr", self) { ct_qr($0, $1, $2) } }

    /// Reduced singular value decomposition of `[..., M, N]`, K = min(M, N): U diag(S) Vᵀ.
    ///
    /// - Returns: `u` `[..., M, K]`, `values` `[..., K]` descending, `vTransposed` `[..., K, N]`.
    /// - Throws: `TensorError.numericalFailure` when the iteration does not converge.
    public func singularValues() throws(TensorError) -> (u: Tensor, values: Tensor, vTransposed: Tensor) {
        let results = try attemptMany("singularValues", count: 3) { ct_svd(handle.pointer, $0, $1) }
        return (results[0], results[1], results[2])
    }

    /// Eigenvalues, ascending, and eigenvectors (columns) of symmetric matrices `[..., N, N]`; reads the lower triangle.
    ///
    /// - Throws: `TensorError.numericalFailure` when the iteration does not converge.
    public func symmetricEigenvalues() throws(TensorError) -> (values: Tensor, vectors: Tensor) {
        let results = try attemptMany("symmetricEigenvalues", count: 2) { ct_eigh(handle.pointer, $0, $1) }
        return (results[0], results[1])
    }

    private func attempt(
        _ operation: StaticString, _ body: (ErrorPointer) -> OpaquePointer?
    ) throws(TensorError) -> Tensor {
        precondition(rank >= 2, "Tensors: \(operation) of a tensor of shape \(shape), which is no matrix")
        var error = CTError()
        guard let pointer = withExtendedLifetime(handle, { body(&error) }) else {
            throw .numericalFailure(operation: "\(operation) of \(shape)", reason: takeSentence(&error))
        }
        return Tensor(TensorHandle(owning: pointer))
    }

    private func attemptMany(
        _ operation: StaticString, count: Int,
        _ body: (UnsafeMutablePointer<OpaquePointer?>, ErrorPointer) -> Int32
    ) throws(TensorError) -> [Tensor] {
        precondition(rank >= 2, "Tensors: \(operation) of a tensor of shape \(shape), which is no matrix")
        var error = CTError()
        guard let results = withExtendedLifetime(handle, { outputs(count: count, &error, body) }) else {
            throw .numericalFailure(operation: "\(operation) of \(shape)", reason: takeSentence(&error))
        }
        return results.compactMap { $0 }
    }
}
