import FuzzInput
import LanguageModels

/// Reads the input as a tokenizer file; a tokenizer that is let in must give every text back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let tokenizer = try? Tokenizer(contentsOf: InputFile.path(start, count, ending: ".json")) else { return 0 }
    let text = "Theorem a : forall n, n + 0 = n. \u{0}é"
    precondition(tokenizer.decode(tokenizer.encode(text)) == text, "a text didn't come back")
    return 0
}
