@testable import LanguageModels

/// Byte-pair encoding as the paper states it, slow and plain, to compare with.
enum BytePairReference {
    /// Merges one after the other over the whole piece, in the order in which they were learned.
    static func encode(_ piece: [UInt8], with tokenizer: Tokenizer) -> [Int] {
        let firstByte = tokenizer.specialTokens.count
        var tokens = piece.map { firstByte + Int($0) }
        for (index, merge) in tokenizer.merges.enumerated() {
            tokens = replace(merge, by: firstByte + 256 + index, in: tokens)
        }
        return tokens
    }

    /// Counts every pair anew before each merge.
    static func learn(from texts: [String], options: TokenizerTrainer.Options) -> [Tokenizer.Merge] {
        let firstByte = options.specialTokens.count
        var pieces = texts.flatMap { text in
            FormalTextSplitter(Array(text.utf8)).map { piece in piece.map { firstByte + Int($0) } }
        }
        var lengths: [Int: Int] = [:]
        var merges: [Tokenizer.Merge] = []
        while merges.count < options.vocabularySize - firstByte - 256 {
            var counts: [Tokenizer.Merge: Int] = [:]
            for piece in pieces {
                for (left, right) in zip(piece, piece.dropFirst()) {
                    counts[Tokenizer.Merge(left: left, right: right), default: 0] += 1
                }
            }
            let allowed = counts.filter { pair, count in
                let length = lengths[pair.left, default: 1] + lengths[pair.right, default: 1]
                return count >= options.minimumPairCount && length <= options.longestToken
            }
            let best = allowed.max { first, second in
                (first.value, second.key.left, second.key.right) < (second.value, first.key.left, first.key.right)
            }
            guard let pair = best?.key else { break }
            let token = firstByte + 256 + merges.count
            lengths[token] = lengths[pair.left, default: 1] + lengths[pair.right, default: 1]
            pieces = pieces.map { replace(pair, by: token, in: $0) }
            merges.append(pair)
        }
        return merges
    }

    private static func replace(_ pair: Tokenizer.Merge, by token: Int, in tokens: [Int]) -> [Int] {
        var result: [Int] = []
        for next in tokens {
            result.append(next)
            // The token just made never equals the pair's left part, so a merge is never counted twice.
            if result.count >= 2, result[result.count - 2] == pair.left, result[result.count - 1] == pair.right,
                result[result.count - 2] != token
            {
                result.removeLast(2)
                result.append(token)
            }
        }
        return result
    }
}
