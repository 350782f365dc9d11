import CTorch

/// Owns one reference to a libtorch tensor.
///
/// Invariant behind `@unchecked Sendable`: the pointer never changes, libtorch counts references atomically, and no
/// public operation writes into a tensor that another value can see. Package code that writes in place (optimisers,
/// caches) does so only to tensors that it alone holds.
final class TensorHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        ct_release(pointer)
    }
}

typealias ErrorPointer = UnsafeMutablePointer<CTError>

/// Takes the sentence out of a failed call.
func takeSentence(_ error: inout CTError) -> String {
    guard let text = error.text else { return "libtorch gave no reason (out of memory?)" }
    let sentence = String(cString: text)
    ct_error_free(&error)
    return sentence
}

/// Ends the program with the operation's name, its operands' shapes and libtorch's own sentence.
@inline(never)
func stop(_ operation: StaticString, _ operands: [Tensor], _ error: inout CTError) -> Never {
    let sentence = takeSentence(&error)
    let shapes = operands.map { "\($0.shape) \($0.dtype)" }.joined(separator: " and ")
    fatalError("Tensors: \(operation)\(shapes.isEmpty ? "" : " of " + shapes): \(sentence)")
}

// The calls below keep their operands alive until libtorch has returned: a raw pointer alone would not.

@inline(__always)
func make(_ operation: StaticString, _ body: (ErrorPointer) -> OpaquePointer?) -> Tensor {
    var error = CTError()
    guard let pointer = body(&error) else { stop(operation, [], &error) }
    return Tensor(TensorHandle(owning: pointer))
}

@inline(__always)
func call(_ operation: StaticString, _ a: Tensor, _ body: (OpaquePointer, ErrorPointer) -> OpaquePointer?) -> Tensor {
    var error = CTError()
    let result = withExtendedLifetime(a.handle) { body(a.handle.pointer, &error) }
    guard let pointer = result else { stop(operation, [a], &error) }
    return Tensor(TensorHandle(owning: pointer))
}

@inline(__always)
func call(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor,
    _ body: (OpaquePointer, OpaquePointer, ErrorPointer) -> OpaquePointer?
) -> Tensor {
    var error = CTError()
    let result = withExtendedLifetime(a.handle) {
        withExtendedLifetime(b.handle) { body(a.handle.pointer, b.handle.pointer, &error) }
    }
    guard let pointer = result else { stop(operation, [a, b], &error) }
    return Tensor(TensorHandle(owning: pointer))
}

@inline(__always)
func call(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor, _ c: Tensor,
    _ body: (OpaquePointer, OpaquePointer, OpaquePointer, ErrorPointer) -> OpaquePointer?
) -> Tensor {
    var error = CTError()
    let result = withExtendedLifetime(a.handle) {
        withExtendedLifetime(b.handle) {
            withExtendedLifetime(c.handle) { body(a.handle.pointer, b.handle.pointer, c.handle.pointer, &error) }
        }
    }
    guard let pointer = result else { stop(operation, [a, b, c], &error) }
    return Tensor(TensorHandle(owning: pointer))
}

/// Lends the pointer of a tensor that may be absent.
@inline(__always)
func withPointer<Result>(_ tensor: Tensor?, _ body: (OpaquePointer?) -> Result) -> Result {
    withExtendedLifetime(tensor) { body(tensor?.handle.pointer) }
}

/// Lends the pointers of several tensors as a C array.
@inline(__always)
func withPointers<Result>(_ tensors: [Tensor], _ body: (UnsafePointer<OpaquePointer>?) -> Result) -> Result {
    withExtendedLifetime(tensors) {
        withUnsafeTemporaryAllocation(of: OpaquePointer.self, capacity: tensors.count) { pointers in
            for (index, tensor) in tensors.enumerated() {
                pointers.initializeElement(at: index, to: tensor.handle.pointer)
            }
            return body(pointers.baseAddress.map { UnsafePointer($0) })
        }
    }
}

/// Lends the pointers of several tensors, some absent, as a C array.
func withOptionalPointers<Result>(_ tensors: [Tensor?], _ body: (UnsafePointer<OpaquePointer?>?) -> Result) -> Result {
    withExtendedLifetime(tensors) {
        withUnsafeTemporaryAllocation(of: OpaquePointer?.self, capacity: tensors.count) { pointers in
            for (index, tensor) in tensors.enumerated() {
                pointers.initializeElement(at: index, to: tensor?.handle.pointer)
            }
            return body(pointers.baseAddress.map { UnsafePointer($0) })
        }
    }
}

/// Runs a call with several results.
///
/// A nil result is a tensor that the call left undefined; a failure traps.
func callForMany(
    _ operation: StaticString, count: Int, operands: [Tensor],
    _ body: (UnsafeMutablePointer<OpaquePointer?>, ErrorPointer) -> Int32
) -> [Tensor?] {
    var error = CTError()
    let results = withExtendedLifetime(operands) { outputs(count: count, &error, body) }
    guard let results else { stop(operation, operands, &error) }
    return results
}

/// The results of a call with several of them, nil when it failed.
func outputs(
    count: Int, _ error: inout CTError, _ body: (UnsafeMutablePointer<OpaquePointer?>, ErrorPointer) -> Int32
) -> [Tensor?]? {
    withUnsafeTemporaryAllocation(of: OpaquePointer?.self, capacity: max(count, 1)) { buffer in
        buffer.initialize(repeating: nil)
        guard let base = buffer.baseAddress else { return [] }
        let status = body(base, &error)
        let results = buffer.prefix(count).map { pointer in
            pointer.map { Tensor(TensorHandle(owning: $0)) }
        }
        return status == 0 ? results : nil
    }
}

/// Two results of an operation that always defines both.
func callForPair(
    _ operation: StaticString, _ operand: Tensor,
    _ body: (OpaquePointer, UnsafeMutablePointer<OpaquePointer?>, ErrorPointer) -> Int32
) -> (Tensor, Tensor) {
    let results = callForMany(operation, count: 2, operands: [operand]) { out, error in
        withExtendedLifetime(operand.handle) { body(operand.handle.pointer, out, error) }
    }
    guard let first = results[0], let second = results[1] else {
        fatalError("Tensors: \(operation) of \(operand.shape) left a result undefined")
    }
    return (first, second)
}

/// Runs a call that only succeeds or fails; a failure traps.
@inline(__always)
func perform(_ operation: StaticString, _ operands: [Tensor], _ body: (ErrorPointer) -> Int32) {
    var error = CTError()
    let status = withExtendedLifetime(operands) { body(&error) }
    if status != 0 { stop(operation, operands, &error) }
}
