import Foundation

/// Cuts a file into lines without holding more than one of them.
struct LineReader {
    /// What a line turned out to be.
    enum Content {
        case bytes(Data)
        case failed(String)
    }

    struct Line {
        let number: Int
        let content: Content
        /// False for a last line without its newline.
        let isTerminated: Bool
    }

    private let file: DescriptorOwner
    private let longestLine: Int
    private var chunk = [UInt8](repeating: 0, count: 1 << 17)
    private var position = 0
    private var filled = 0
    private var number = 0
    private var isAtEnd = false

    init(path: String, longestLine: Int) throws(RunRecordsError) {
        file = try DescriptorOwner(path: path, flags: O_RDONLY, operation: "read")
        var status = stat()
        if fstat(file.descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw RunRecordsError.system(operation: "read", path: path, code: EISDIR)
        }
        self.longestLine = longestLine
    }

    /// The next line without its end; nil after the last.
    mutating func next() -> Line? {
        var line = Data()
        var isTooLong = false
        var sawBytes = false
        while true {
            if position == filled {
                if let failure = fill() {
                    number += 1
                    return Line(number: number, content: .failed(failure), isTerminated: true)
                }
                if isAtEnd {
                    return sawBytes ? finish(line, isTooLong: isTooLong, isTerminated: false) : nil
                }
            }
            sawBytes = true
            let rest = chunk[position..<filled]
            let end = rest.firstIndex(of: 0x0a)
            let piece = rest[..<(end ?? filled)]
            position = end.map { $0 + 1 } ?? filled
            if line.count + piece.count > longestLine { isTooLong = true }
            if !isTooLong { line.append(contentsOf: piece) }
            if end != nil { return finish(line, isTooLong: isTooLong, isTerminated: true) }
        }
    }

    private mutating func finish(_ bytes: Data, isTooLong: Bool, isTerminated: Bool) -> Line {
        number += 1
        var bytes = bytes
        if number == 1, bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = Data(bytes.dropFirst(3)) }
        if bytes.last == 0x0d { bytes.removeLast() }
        let content: Content =
            isTooLong ? .failed("the line is longer than \(longestLine) bytes.") : .bytes(bytes)
        return Line(number: number, content: content, isTerminated: isTerminated)
    }

    /// Reads the next chunk.
    ///
    /// Returns what went wrong, after which the file counts as ended.
    private mutating func fill() -> String? {
        if isAtEnd { return nil }
        let file = file
        let read = chunk.withUnsafeMutableBytes { buffer in
            Result { () throws(RunRecordsError) in try file.read(into: buffer) }
        }
        position = 0
        switch read {
        case .success(let count):
            filled = count
            isAtEnd = count == 0
            return nil
        case .failure(let error):
            filled = 0
            isAtEnd = true
            return error.description
        }
    }
}
