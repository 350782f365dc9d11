/// The type of a tensor's elements.
public enum DType: Int8, Sendable, Hashable, Codable, CaseIterable {
    // Raw values are libtorch's codes (c10::ScalarType).
    /// Unsigned 8-bit integers.
    case uint8 = 0
    /// Signed 8-bit integers.
    case int8 = 1
    /// Signed 16-bit integers.
    case int16 = 2
    /// Signed 32-bit integers.
    case int32 = 3
    /// Signed 64-bit integers: indices and counts.
    case int64 = 4
    /// IEEE half precision.
    case float16 = 5
    /// IEEE single precision, the default.
    case float32 = 6
    /// IEEE double precision.
    case float64 = 7
    /// True or false, one byte each.
    case bool = 11
    /// The upper half of single precision: 8 bits of exponent, 8 of significand.
    case bfloat16 = 15

    /// Bytes that one element takes.
    public var byteCount: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .int16, .float16, .bfloat16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }

    /// Whether elements are floating-point numbers, the only ones with gradients.
    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .float32, .float64, .bfloat16: true
        default: false
        }
    }
}

extension DType: CustomStringConvertible {
    /// The name of the case, such as `float32`.
    public var description: String {
        switch self {
        case .uint8: "uint8"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .float16: "float16"
        case .float32: "float32"
        case .float64: "float64"
        case .bool: "bool"
        case .bfloat16: "bfloat16"
        }
    }
}

/// A Swift type whose values can be the elements of a tensor.
public protocol TensorElement: Sendable, BitwiseCopyable {
    /// The element type of tensors made from such values.
    static var dtype: DType { get }
}

extension Float: TensorElement {
    /// The type `.float32`.
    public static var dtype: DType { .float32 }
}

extension Double: TensorElement {
    /// The type `.float64`.
    public static var dtype: DType { .float64 }
}

extension Int: TensorElement {
    /// The type `.int64`.
    public static var dtype: DType { .int64 }
}

extension Int64: TensorElement {
    /// The type `.int64`.
    public static var dtype: DType { .int64 }
}

extension Int32: TensorElement {
    /// The type `.int32`.
    public static var dtype: DType { .int32 }
}

extension Int16: TensorElement {
    /// The type `.int16`.
    public static var dtype: DType { .int16 }
}

extension Int8: TensorElement {
    /// The type `.int8`.
    public static var dtype: DType { .int8 }
}

extension UInt8: TensorElement {
    /// The type `.uint8`.
    public static var dtype: DType { .uint8 }
}

extension Bool: TensorElement {
    /// The type `.bool`.
    public static var dtype: DType { .bool }
}
