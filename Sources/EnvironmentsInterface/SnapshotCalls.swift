import Environments

/// The state of one environment as text.
///
/// - Parameters:
///   - handle: the pool.
///   - environment: which one.
///   - text: where the text goes, without a zero at the end; null to ask for its size.
///   - capacity: room there, in bytes.
/// - Returns: the text's size in bytes, or a code. Nothing is written where the room is too small.
@_cdecl("ludus_environments_snapshot")
public func snapshot(
    _ handle: Int64, _ environment: Int64, _ text: UnsafeMutablePointer<UInt8>?, _ capacity: Int64
) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        let snapshot = try entry.pool.snapshot(of: Int(environment))
        guard let bytes = try? Array(JSONText.encode(snapshot).utf8) else {
            throw .badSnapshot(reason: "it can't be written as JSON")
        }
        return copy(bytes, to: text, capacity)
    }
}

/// Puts an environment into a state.
///
/// - Parameters:
///   - handle: the pool.
///   - environment: which one.
///   - text: what `ludus_environments_snapshot` gave.
///   - size: its size in bytes.
/// - Returns: 0 or a code.
@_cdecl("ludus_environments_restore")
public func restore(_ handle: Int64, _ environment: Int64, _ text: UnsafePointer<UInt8>?, _ size: Int64) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        let bytes = UnsafeBufferPointer(start: text, count: text == nil ? 0 : max(0, Int(size)))
        let words = String(decoding: bytes, as: UTF8.self)
        guard let snapshot = try? JSONText.decode(EnvironmentSnapshot.self, from: words) else {
            throw .badSnapshot(reason: "its text can't be read")
        }
        try entry.pool.restore(Int(environment), to: snapshot)
        return 0
    }
}

/// A picture of one environment.
///
/// - Parameters:
///   - handle: the pool.
///   - environment: which one.
///   - pixels: where the picture goes, `[height, width, 3]`; null to ask for its size.
///   - capacity: room there, in bytes.
///   - size: where height and width go.
/// - Returns: the picture's bytes, 0 if the task has no pictures, or a code.
@_cdecl("ludus_environments_picture")
public func picture(
    _ handle: Int64, _ environment: Int64, _ pixels: UnsafeMutablePointer<UInt8>?, _ capacity: Int64,
    _ size: UnsafeMutablePointer<Int32>?
) -> Int32 {
    PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        guard let picture = try entry.pool.picture(of: Int(environment)) else { return 0 }
        size?[0] = Int32(picture.height)
        size?[1] = Int32(picture.width)
        return copy(picture.pixels, to: pixels, capacity)
    }
}

/// Copies bytes where there is room.
private func copy(_ bytes: [UInt8], to target: UnsafeMutablePointer<UInt8>?, _ capacity: Int64) -> Int32 {
    if let target, capacity >= Int64(bytes.count) {
        bytes.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { target.update(from: start, count: source.count) }
        }
    }
    return Int32(clamping: bytes.count)
}
