import FuzzInput
import Tensors

/// Reads the input as a NumPy array.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    if let tensor = try? NumPyArray.read(InputFile.path(start, count, ending: ".npy")) {
        precondition(tensor.shape.contains(0) || tensor.shape.reduce(1, *) < count, "more elements than bytes")
    }
    return 0
}
