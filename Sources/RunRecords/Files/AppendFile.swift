package import Foundation

/// A file that only grows, record by record, and knows how long it is and the checksum of all its bytes.
///
/// A record is there whole or not at all: when the disk is full, the part that was written is cut off again.
package struct AppendFile: Sendable {
    package let url: URL
    /// Bytes so far.
    private(set) var length: UInt64
    /// CRC-32C of those bytes.
    private(set) var checksum: CyclicRedundancyCheck
    private let owner: DescriptorOwner

    /// Opens or makes the file and cuts it to `length` bytes.
    ///
    /// - Throws: `RunRecordsError.system`, or `.malformed` when the file is shorter than `length`.
    package init(_ url: URL, length: UInt64) throws(RunRecordsError) {
        self.url = url
        let prefix = try AppendFile.checksum(of: url, length: length)
        guard let prefix else {
            throw RunRecordsError.malformed(
                path: url.path, line: nil, reason: "the file is shorter than the \(length) bytes on record.")
        }
        owner = try DescriptorOwner(path: url.path, flags: O_WRONLY | O_CREAT | O_APPEND, operation: "write")
        if ftruncate(owner.descriptor, Int(length)) != 0 {
            throw RunRecordsError.lastSystemError("shorten", url.path)
        }
        self.length = length
        checksum = prefix
    }

    /// Appends one record.
    package mutating func append(_ bytes: [UInt8]) throws(RunRecordsError) {
        let owner = owner
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(RunRecordsError) in try owner.writeAll(buffer) }
        }
        do {
            try result.get()
        } catch {
            _ = ftruncate(owner.descriptor, Int(length))
            throw error
        }
        length += UInt64(bytes.count)
        checksum.update(bytes)
    }

    /// Forces what was appended to the disk.
    func synchronize() throws(RunRecordsError) {
        try owner.synchronize()
    }

    /// The checksum of the first `length` bytes of a file.
    ///
    /// Nil when it is shorter. An absent file has 0 bytes.
    static func checksum(of url: URL, length: UInt64) throws(RunRecordsError) -> CyclicRedundancyCheck? {
        var checksum = CyclicRedundancyCheck()
        guard length > 0 else { return checksum }
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let file = try DescriptorOwner(path: url.path, flags: O_RDONLY, operation: "read")
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        var left = length
        while left > 0 {
            let wanted = Int(min(left, UInt64(chunk.count)))
            let read = chunk.withUnsafeMutableBytes { buffer in
                Result { () throws(RunRecordsError) in
                    try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
                }
            }
            let count = try read.get()
            if count == 0 { return nil }
            checksum.update(chunk[..<count])
            left -= UInt64(count)
        }
        return checksum
    }
}
