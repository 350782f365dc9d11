import Environments

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The version of the calls; it changes when a call changes.
///
/// - Returns: 1.
@_cdecl("ludus_environments_version")
public func version() -> Int32 { 1 }

/// The sentence of the last failed call of this thread.
///
/// - Returns: UTF-8 text, good until the thread's next failure; null if no call has failed.
@_cdecl("ludus_environments_error")
public func error() -> UnsafePointer<CChar>? { Failure.text }

/// Frees text that a call has given.
///
/// - Parameter text: the text, or null.
@_cdecl("ludus_environments_free")
public func freeText(_ text: UnsafeMutablePointer<CChar>?) { free(text) }

/// All tasks: a JSON list of objects with `id` and `family`.
///
/// - Returns: text to be freed, or null after a failure.
@_cdecl("ludus_environments_list")
public func list() -> UnsafeMutablePointer<CChar>? {
    text(of: EnvironmentCatalogue.all.tasks.map { ["id": $0.id, "family": $0.family.rawValue] })
}

/// Spaces, limit and columns of a task as JSON.
///
/// - Parameter id: the task's id.
/// - Returns: text to be freed, or null after a failure.
@_cdecl("ludus_environments_specification")
public func specification(_ id: UnsafePointer<CChar>?) -> UnsafeMutablePointer<CChar>? {
    do throws(EnvironmentError) {
        return text(of: try EnvironmentCatalogue.all.task(words(id)).specification)
    } catch {
        _ = Failure.keep(error)
        return nil
    }
}

/// Makes a pool.
///
/// - Parameters:
///   - id: the task's id.
///   - count: environments, at least 1.
///   - options: a JSON object with members of `PoolOptions`; empty or null for the standard ones.
///   - taskOptions: a JSON object with members of the task's options; empty or null for the task's own.
/// - Returns: the pool's handle, above 0; or a code.
@_cdecl("ludus_environments_make")
public func make(
    _ id: UnsafePointer<CChar>?, _ count: Int64, _ options: UnsafePointer<CChar>?,
    _ taskOptions: UnsafePointer<CChar>?
) -> Int64 {
    do throws(EnvironmentError) {
        guard count <= 1 << 24 else {
            throw .badOption(name: "count", reason: "it is \(count), must be at most \(1 << 24)")
        }
        let task = try EnvironmentCatalogue.all.task(words(id))
        let poolOptions = try JSONOptions(words(options)).read(over: PoolOptions())
        let pool = try task.pool(
            count: Int(count), options: poolOptions, reading: try JSONOptions(words(taskOptions)))
        return try PoolTable.shared.insert(PoolEntry(task: task.id, pool: pool))
    } catch {
        return Int64(Failure.keep(error))
    }
}

/// What a pool is and where its memory lies, as JSON; addresses are numbers.
///
/// - Parameter handle: the pool.
/// - Returns: text to be freed, or null after a failure.
@_cdecl("ludus_environments_describe")
public func describe(_ handle: Int64) -> UnsafeMutablePointer<CChar>? {
    var result: UnsafeMutablePointer<CChar>?
    let code = PoolTable.shared.use(handle) { entry throws(EnvironmentError) in
        result = text(of: PoolDescription(entry))
        return 0
    }
    return code < 0 ? nil : result
}

/// Closes a pool and gives its memory back: no view of it may be used any more.
///
/// - Parameter handle: the pool.
/// - Returns: 0 or a code.
@_cdecl("ludus_environments_close")
public func close(_ handle: Int64) -> Int32 { PoolTable.shared.remove(handle) }

func words(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }

private func text(of value: some Encodable) -> UnsafeMutablePointer<CChar>? {
    do { return strdup(try JSONText.encode(value)) } catch {
        Failure.keep("a value can't be written as JSON: \(error)")
        return nil
    }
}
