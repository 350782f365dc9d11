import FuzzInput

@testable import ProofAssistants

/// Reads the input as what `coqidetop` sends, once whole and once in two pieces, which must give the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = InputFile.bytes(start, count)
    let whole = elements(of: [bytes[...]])
    let half = bytes.count / 2
    precondition(elements(of: [bytes[..<half], bytes[half...]]) == whole, "pieces read otherwise than the whole")
    for element in whole {
        guard let reply = try? CoqReply(element), case .good(let tokens) = reply else { continue }
        _ = try? CoqGoals.state(tokens)
        _ = try? CoqGoals.stateID(tokens)
        _ = try? CoqGoals.version(tokens)
        _ = CoqGoals.isPlainEdit(tokens)
    }
    return 0
}

/// The elements before the first error or the end.
private func elements(of pieces: [ArraySlice<UInt8>]) -> [[XMLToken]] {
    var stream = XMLStream(limit: 1 << 16, depthLimit: 200)
    var elements: [[XMLToken]] = []
    do {
        for piece in pieces {
            stream.append(piece)
            while let element = try stream.next() { elements.append(element) }
        }
    } catch {}
    return elements
}
