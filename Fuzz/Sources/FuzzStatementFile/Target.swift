import FuzzInput
import ProofAssistants
import TheoremProving

/// Reads the input as a Coq file of statements, and as a proof script.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: InputFile.bytes(start, count), as: UTF8.self)
    let file = StatementFile(coq: text, file: "input.v")
    precondition(!file.records.isEmpty || !file.problems.isEmpty, "nothing read and nothing reported")
    let script = CoqScript(text)
    for sentence in script.sentences {
        precondition(sentence.range.upperBound <= text.utf8.count && !sentence.text.utf8.contains(UInt8(ascii: "\"")))
    }
    return 0
}
