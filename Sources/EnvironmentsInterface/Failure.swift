import Environments

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Codes that calls give instead of a result; all are negative.
enum Code {
    static let unknownTask: Int32 = -1
    static let badOption: Int32 = -2
    static let wrongCount: Int32 = -3
    static let badAction: Int32 = -4
    static let badEnvironment: Int32 = -5
    static let wrongTime: Int32 = -6
    static let badSnapshot: Int32 = -7
    static let missingFile: Int32 = -8
    static let closed: Int32 = -9
    static let busy: Int32 = -10

    static func of(_ error: EnvironmentError) -> Int32 {
        switch error {
        case .unknownTask: unknownTask
        case .badOption: badOption
        case .wrongCount: wrongCount
        case .badAction: badAction
        case .badEnvironment: badEnvironment
        case .wrongTime: wrongTime
        case .badSnapshot: badSnapshot
        case .missingFile: missingFile
        }
    }
}

/// The last sentence of a failed call, for each thread.
enum Failure {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key) { pointer in free(pointer) }
        return key
    }()

    /// Keeps an error's sentence and gives its code.
    static func keep(_ error: EnvironmentError) -> Int32 {
        keep("\(error)")
        return Code.of(error)
    }

    /// Keeps a sentence.
    static func keep(_ sentence: String) {
        let old = pthread_getspecific(key)
        pthread_setspecific(key, strdup(sentence))
        free(old)
    }

    /// The sentence; good until the thread's next failure.
    static var text: UnsafePointer<CChar>? {
        pthread_getspecific(key).map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) }
    }
}
