import Foundation
import Randomness
import Testing

@testable import LanguageModels

@Suite struct TokenizerFileTests {
    let tokenizer = FormalTexts.tokenizer(vocabularySize: 300)

    @Test func `a written file reads back`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tokenizer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "tokenizer.json").path
        try tokenizer.write(to: path)
        #expect(try Tokenizer(contentsOf: path) == tokenizer)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tokenizer.json"])
    }

    @Test func `absent files and folders are named`() {
        let path = "/nonexistent-folder/tokenizer.json"
        let reading = #expect(throws: LanguageModelError.self) { try Tokenizer(contentsOf: path) }
        #expect(reading?.description.contains(path) == true)
        let writing = #expect(throws: LanguageModelError.self) { try tokenizer.write(to: path) }
        #expect(writing?.description.contains(path) == true)
    }

    @Test(arguments: [
        ("", "JSON"),
        ("[]", "array"),
        (#"{"format": "x", "version": 1, "specialTokens": [], "merges": []}"#, "format is \"x\""),
        (#"{"format": "ludus-byte-pairs", "version": 2, "specialTokens": [], "merges": []}"#, "version 2"),
        (#"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": []}"#, "\"merges\" is missing"),
        (
            #"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": [], "merges": [], "x": 1}"#,
            "\"x\" is unknown"
        ),
        (#"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": ["a", "a"], "merges": []}"#, "a occurs twice"),
        (#"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": [""], "merges": []}"#, "empty name"),
        (#"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": ["a"], "merges": [[0, 5]]}"#, "merge 0"),
        (#"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": [], "merges": [[1, 256]]}"#, "merge 0"),
        (#"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": [], "merges": [[1, 2, 3]]}"#, "3 parts"),
        (#"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": [], "merges": [[1, 2], [1, 2]]}"#, "twice"),
        (#"{"format": "ludus-byte-pairs", "version": 1, "specialTokens": [], "merges": [[1, -2]]}"#, "merge 0"),
    ])
    func `a wrong file is refused with its reason`(json: String, reason: String) {
        let error = #expect(throws: LanguageModelError.self) {
            try Tokenizer(json: Data(json.utf8), path: "tokenizer.json")
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
    }

    @Test func `merges that double their length are refused`() {
        let merges = (0..<40).map { $0 == 0 ? "[0,0]" : "[\(255 + $0),\(255 + $0)]" }.joined(separator: ",")
        let json = #"{"format":"ludus-byte-pairs","version":1,"specialTokens":[],"merges":[\#(merges)]}"#
        let error = #expect(throws: LanguageModelError.self) { try Tokenizer(json: Data(json.utf8), path: "t") }
        #expect(error?.description.contains("4096 bytes") == true)
    }

    @Test(arguments: 0..<20) func `damaged files throw or give a working tokenizer`(seed: UInt64) throws {
        let original = try tokenizer.json()
        var generator = SplittableGenerator(seed: seed)
        for _ in 0..<25 {
            var data = original
            for _ in 0..<generator.integer(in: 1..<4) { mutate(&data, &generator) }
            do {
                let read = try Tokenizer(json: data, path: "fuzzed")
                let text = FormalTexts.theorems[0]
                #expect(read.decode(read.encode(text)) == text)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    private func mutate(_ data: inout Data, _ generator: inout SplittableGenerator) {
        guard !data.isEmpty else { return }
        let place = generator.integer(below: data.count)
        switch generator.integer(below: 4) {
        case 0: data[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: data.removeSubrange(place..<min(data.count, place + generator.integer(in: 1..<9)))
        case 2: data = data.prefix(place)
        default: data.insert(contentsOf: Array("[{\"0,9-]}".utf8)[generator.integer(below: 9)...].prefix(1), at: place)
        }
    }
}
