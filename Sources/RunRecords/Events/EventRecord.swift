/// Builds the protocol-buffer messages of TensorBoard's event files; only the handful of fields that are needed.
///
/// Source: `tensorflow/core/util/event.proto`, `tensorflow/core/framework/summary.proto` and `tensor.proto` for the
/// field numbers; the wire format is that of Protocol Buffers.
struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    /// A number in base 128, least significant group first.
    private mutating func appendVariableLength(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    mutating func append(field: UInt64, integer value: Int64) {
        appendVariableLength(field << 3)
        appendVariableLength(UInt64(bitPattern: value))
    }

    mutating func append(field: UInt64, double value: Double) {
        appendVariableLength(field << 3 | 1)
        bytes.append(contentsOf: littleEndianBytes(value.bitPattern))
    }

    mutating func append(field: UInt64, float value: Float) {
        appendVariableLength(field << 3 | 5)
        bytes.append(contentsOf: littleEndianBytes(value.bitPattern))
    }

    mutating func append(field: UInt64, bytes value: [UInt8]) {
        appendVariableLength(field << 3 | 2)
        appendVariableLength(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func append(field: UInt64, string value: String) {
        append(field: field, bytes: Array(value.utf8))
    }

    mutating func append(field: UInt64, message build: (inout ProtocolBuffer) -> Void) {
        var message = ProtocolBuffer()
        build(&message)
        append(field: field, bytes: message.bytes)
    }
}

func littleEndianBytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// One record of a TensorBoard event file.
struct EventRecord {
    /// Seconds since 1970.
    let wallTime: Double
    let step: Int
    let content: Content

    enum Content {
        /// The record that every file begins with.
        case version
        case scalar(tag: String, value: Double)
        case text(tag: String, text: String)
    }

    /// The `Event` message.
    var message: [UInt8] {
        var event = ProtocolBuffer()
        event.append(field: 1, double: wallTime)
        if step != 0 { event.append(field: 2, integer: Int64(step)) }
        switch content {
        case .version:
            event.append(field: 3, string: "brain.Event:2")
        case .scalar(let tag, let value):
            event.append(field: 5) { summary in
                summary.append(field: 1) { entry in
                    entry.append(field: 1, string: tag)
                    entry.append(field: 2, float: Float(value))
                }
            }
        case .text(let tag, let text):
            event.append(field: 5) { summary in
                summary.append(field: 1) { entry in
                    entry.append(field: 1, string: tag)
                    entry.append(field: 8) { tensor in
                        tensor.append(field: 1, integer: 7)  // DT_STRING
                        tensor.append(field: 2) { shape in shape.append(field: 2) { $0.append(field: 1, integer: 1) } }
                        tensor.append(field: 8, string: text)
                    }
                    entry.append(field: 9) { metadata in
                        metadata.append(field: 1) { plugin in plugin.append(field: 1, string: "text") }
                    }
                }
            }
        }
        return event.bytes
    }

    /// The message in its frame: length, checksum of the length, message, checksum of the message.
    var framed: [UInt8] {
        let message = message
        let length = littleEndianBytes(UInt64(message.count))
        return length + littleEndianBytes(CyclicRedundancyCheck(of: length).maskedValue)
            + message + littleEndianBytes(CyclicRedundancyCheck(of: message).maskedValue)
    }
}
