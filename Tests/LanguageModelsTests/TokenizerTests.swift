import Randomness
import Testing

@testable import LanguageModels

@Suite struct TokenizerTests {
    let tokenizer = FormalTexts.tokenizer()

    @Test func `pieces are words, digits, signs and white space`() {
        func pieces(_ text: String) -> [String] {
            FormalTextSplitter(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(
            pieces("forall n' : nat, n' + 10 = n'.") == [
                "forall", " n'", " :", " nat", ",", " n'", " +", " ", "1", "0", " =", " n'", ".",
            ])
        #expect(pieces("\n    lia.\n\n") == ["\n   ", " lia", ".", "\n\n"])
        #expect(pieces("H1 -> (A /\\ ∀x)%Z") == ["H", "1", " ->", " (", "A", " /\\", " ∀", "x", ")%", "Z"])
        #expect(pieces("  \t 3 ") == ["  \t ", "3", " "])
        #expect(pieces("") == [])
    }

    @Test(arguments: 0..<40) func `any text and any bytes come back`(seed: UInt64) {
        var generator = SplittableGenerator(seed: seed)
        let text = FormalTexts.random(&generator, parts: Int(seed) * 7)
        #expect(tokenizer.decode(tokenizer.encode(text)) == text)
        let bytes = FormalTexts.randomBytes(&generator, count: Int(seed) * 11)
        #expect(tokenizer.bytes(of: tokenizer.encode(bytes: bytes)) == bytes)
    }

    @Test(arguments: 0..<40) func `encoding equals the plain definition`(seed: UInt64) {
        var generator = SplittableGenerator(seed: 1000 + seed)
        let letters = Array("abcn for=->(')\n ".utf8)
        let random = (0..<200).map { _ in letters[generator.integer(below: letters.count)] }
        let theorem = Array(FormalTexts.theorems[Int(seed) % FormalTexts.theorems.count].utf8)
        for text in [random, theorem, [UInt8](repeating: UInt8(ascii: "("), count: 77)] {
            let reference = FormalTextSplitter(text).flatMap {
                BytePairReference.encode(Array($0), with: tokenizer)
            }
            #expect(tokenizer.encode(bytes: text) == reference)
            // Once more, now from the cache.
            #expect(tokenizer.encode(bytes: text) == reference)
        }
    }

    @Test func `special tokens never come from text`() throws {
        let end = try #require(tokenizer.specialToken("<end>"))
        #expect(end == 1)
        #expect(tokenizer.isSpecial(end))
        for text in ["<end>", " <end> ", "<pad><end><prompt>", "a<end>b\u{0}\u{1}\u{2}"] {
            let tokens = tokenizer.encode(text)
            #expect(!tokens.contains { tokenizer.isSpecial($0) })
            #expect(tokenizer.decode(tokens) == text)
        }
        #expect(tokenizer.decode([end] + tokenizer.encode("a") + [end]) == "a")
        #expect(tokenizer.specialToken("<absent>") == nil)
    }

    @Test func `text like the training text takes few tokens`() {
        let text = FormalTexts.theorems.joined()
        #expect(tokenizer.encode(text).count * 3 < text.utf8.count * 2)
    }

    @Test func `a token outside the vocabulary traps`() async {
        await #expect(processExitsWith: .failure) {
            _ = FormalTexts.tokenizer().decode([100_000])
        }
    }

    @Test func `encoding from many tasks gives the same tokens`() async {
        let expected = FormalTexts.theorems.map { tokenizer.encode($0) }
        let fresh = FormalTexts.tokenizer()
        await withTaskGroup(of: [[Int]].self) { group in
            for _ in 0..<8 { group.addTask { FormalTexts.theorems.map { fresh.encode($0) } } }
            for await result in group { #expect(result == expected) }
        }
    }
}

@Suite struct TokenizerTrainerTests {
    @Test(arguments: [256, 257, 280, 330, 2000], [1, 2, 5])
    func `learned merges equal the plain definition`(size: Int, minimum: Int) {
        let options = TokenizerTrainer.Options(
            vocabularySize: size + 2, specialTokens: ["<a>", "<b>"], minimumPairCount: minimum, longestToken: 9)
        let texts = Array(FormalTexts.theorems.prefix(4)) + ["aaaaaaaa aaaa aaa", "((((((((("]
        let learned = TokenizerTrainer(options).train(on: texts)
        #expect(learned.merges == BytePairReference.learn(from: texts, options: options))
        #expect(learned.bytesOfTokens.allSatisfy { $0.count <= 9 })
    }

    @Test func `training twice gives the same tokenizer`() {
        let first = FormalTexts.tokenizer()
        #expect(first == FormalTexts.tokenizer())
        #expect(first.vocabularySize == 320)
        #expect(Set(first.bytesOfTokens.dropFirst(3)).count == 317)
    }

    @Test func `no texts give the bytes alone`() {
        let tokenizer = TokenizerTrainer().train(on: [])
        #expect(tokenizer.vocabularySize == 257)
        #expect(tokenizer.encode("ab") == [1 + 97, 1 + 98])
    }

    @Test func `a vocabulary without room for the bytes traps`() async {
        await #expect(processExitsWith: .failure) {
            _ = TokenizerTrainer(.init(vocabularySize: 256, specialTokens: ["<end>"]))
        }
    }
}
