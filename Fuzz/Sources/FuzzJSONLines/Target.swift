import FuzzInput
import TheoremProving

/// Reads the input as a JSON lines file of statements.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: InputFile.bytes(start, count), as: UTF8.self)
    let file = StatementFile(jsonLines: text, file: "input.jsonl")
    precondition(!file.records.isEmpty || !file.problems.isEmpty, "nothing read and nothing reported")
    return 0
}
