import FuzzInput
import Tensors

/// Opens the input as a safetensors file and reads every tensor.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let path = InputFile.path(start, count, ending: ".safetensors")
    guard let file = try? SafeTensors(contentsOf: path) else { return 0 }
    for entry in file.entries {
        if let tensor = try? file.tensor(entry.name) { precondition(tensor.shape == entry.shape) }
    }
    return 0
}
