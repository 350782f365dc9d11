import HeapModule
import Synchronization

extension Tokenizer {
    /// The tokens of a text.
    ///
    /// Special tokens never occur in the result: a text that spells one is encoded like any other.
    ///
    /// - Complexity: O(n log n) for the bytes of a piece not met before, O(n) for the others.
    public func encode(_ text: String) -> [Int] {
        encode(bytes: Array(text.utf8))
    }

    /// The tokens of any bytes, UTF-8 or not.
    public func encode(bytes: [UInt8]) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(bytes.count / 2)
        cache.withPieces { pieces in
            for piece in FormalTextSplitter(bytes) {
                if let known = pieces[piece] {
                    result += known
                    continue
                }
                let tokens = merge(piece)
                result += tokens
                if piece.count <= PieceCache.longestPiece {
                    if pieces.count >= PieceCache.capacity { pieces.removeAll(keepingCapacity: true) }
                    pieces[ArraySlice(Array(piece))] = tokens
                }
            }
        }
        return result
    }

    /// Applies the merges inside one piece: always the earliest learned one, at its leftmost place.
    private func merge(_ piece: ArraySlice<UInt8>) -> [Int] {
        var chain = TokenChain(piece.map { specialTokens.count + Int($0) })
        var candidates = Heap<MergeCandidate>()
        for position in chain.tokens.indices.dropLast() {
            push(at: position, of: chain, to: &candidates)
        }
        while let candidate = candidates.popMin() {
            guard chain.isCurrent(candidate) else { continue }
            chain.merge(at: candidate.position, into: candidate.token)
            if let previous = chain.previous(of: candidate.position) {
                push(at: previous, of: chain, to: &candidates)
            }
            push(at: candidate.position, of: chain, to: &candidates)
        }
        return chain.tokens.filter { $0 >= 0 }
    }

    private func push(at position: Int, of chain: TokenChain, to candidates: inout Heap<MergeCandidate>) {
        guard let next = chain.next(of: position) else { return }
        let left = chain.tokens[position]
        let right = chain.tokens[next]
        guard let token = mergedTokens[Self.key(left, right)] else { return }
        candidates.insert(MergeCandidate(token: token, position: position, left: left, right: right))
    }
}

/// A merge that was possible when it was noted.
///
/// Ordered by age of the merge, then by place.
private struct MergeCandidate: Comparable {
    var token: Int
    var position: Int
    var left: Int
    var right: Int

    static func < (first: MergeCandidate, second: MergeCandidate) -> Bool {
        (first.token, first.position) < (second.token, second.position)
    }
}

/// Tokens linked to their neighbours, so that a merge costs O(1).
///
/// A token that was merged away is -1.
private struct TokenChain {
    private(set) var tokens: [Int]
    private var following: [Int]
    private var preceding: [Int]

    init(_ tokens: [Int]) {
        self.tokens = tokens
        following = tokens.indices.map { $0 + 1 }
        preceding = tokens.indices.map { $0 - 1 }
    }

    func next(of position: Int) -> Int? {
        following[position] < tokens.count ? following[position] : nil
    }

    func previous(of position: Int) -> Int? {
        preceding[position] >= 0 ? preceding[position] : nil
    }

    func isCurrent(_ candidate: MergeCandidate) -> Bool {
        guard tokens[candidate.position] == candidate.left, let next = next(of: candidate.position) else {
            return false
        }
        return tokens[next] == candidate.right
    }

    mutating func merge(at position: Int, into token: Int) {
        let gone = following[position]
        tokens[position] = token
        tokens[gone] = -1
        following[position] = following[gone]
        if following[gone] < tokens.count { preceding[following[gone]] = position }
    }
}

/// Tokens of the pieces met so far.
///
/// Only saves time: the same piece always has the same tokens.
final class PieceCache: Sendable {
    static let capacity = 65_536
    static let longestPiece = 64

    private let pieces = Mutex<[ArraySlice<UInt8>: [Int]]>([:])

    func withPieces(_ body: (inout [ArraySlice<UInt8>: [Int]]) -> Void) {
        pieces.withLock { body(&$0) }
    }
}
