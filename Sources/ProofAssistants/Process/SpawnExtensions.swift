import Glibc

/// Two functions of glibc that its headers show to C only under `_GNU_SOURCE`, found by name.
///
/// `pipe2` makes pipes that no other child inherits, without a race; `closefrom` keeps all other descriptors of this
/// process out of a child (glibc 2.34 and newer; left out where it's missing).
enum SpawnExtensions {
    private typealias PipeTwo = @convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32
    private typealias CloseFrom =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    private static let pipeTwo = dlsym(nil, "pipe2").map { unsafeBitCast($0, to: PipeTwo.self) }
    private static let closeFromAction = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np")
        .map { unsafeBitCast($0, to: CloseFrom.self) }

    /// A pipe whose two ends are closed on `exec`; nil (and `errno`) if the system refuses.
    static func pipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard let pipeTwo else {
            errno = ENOSYS
            return nil
        }
        return pipeTwo(&ends, O_CLOEXEC) == 0 ? (ends[0], ends[1]) : nil
    }

    /// Makes a child close all descriptors from `first` up.
    static func closeAll(from first: Int32, _ actions: inout posix_spawn_file_actions_t) {
        _ = closeFromAction?(&actions, first)
    }
}
