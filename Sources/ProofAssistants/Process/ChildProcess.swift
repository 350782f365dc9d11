import Glibc

/// What a child process is walled in by, from its start.
struct ChildWalls {
    /// Address space in bytes; a request beyond it fails inside the child.
    var addressSpace: Int
    /// Largest file that it may write, in bytes; 0 forbids writing (pipes are no files).
    var fileSize: Int
    /// Working directory.
    var directory: String
}

/// A child process with pipes on its three standard streams.
///
/// Made with `posix_spawn` itself: the interactive protocol needs a few hundred small exchanges a second, a wait for
/// two pipes with a time-out, and signals to a group, all from one thread. A shell of two lines sets the limits and
/// replaces itself. The child leads a process group of its own, gets no descriptor but its three pipes, and is killed
/// if the thread that started it ends. Belongs to one thread, which is why it isn't `Sendable`.
final class ChildProcess {
    /// The process, which leads a group of the same number.
    let id: pid_t
    private var input: Int32
    private let output: Int32
    private let errors: Int32
    private var clock: clockid_t?
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    /// The last bytes of its error stream, at most ``errorTailLimit``.
    private(set) var errorTail: [UInt8] = []
    private let errorTailLimit: Int
    private var errorsEnded = false
    /// The wait status, once it was reaped.
    private(set) var status: Int32?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: path of a program.
    ///   - arguments: its arguments, without its name.
    ///   - settings: environment variables for it, beyond the few that it gets anyway.
    ///   - walls: limits and working directory.
    ///   - errorTailLimit: how many of the last bytes of the error stream are kept.
    /// - Throws: ``ProofAssistantError/programMissing(path:reason:)`` where the system refuses pipes or a process.
    init(
        program: String, arguments: [String], settings: [String: String] = [:], walls: ChildWalls,
        errorTailLimit: Int = 4096
    ) throws(ProofAssistantError) {
        self.errorTailLimit = errorTailLimit
        let pipes = try Self.makePipes()
        defer { for end in [pipes.input.read, pipes.output.write, pipes.errors.write] { close(end) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes.input.read, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes.output.write, 1)
        posix_spawn_file_actions_adddup2(&actions, pipes.errors.write, 2)
        SpawnExtensions.closeAll(from: 3, &actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let command = ["/bin/sh", "-c", Self.launcher(walls), "ludus", walls.directory, program] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = Self.environment(settings).map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, &argv, &envp)
        (id, input, output, errors) = (child, pipes.input.write, pipes.output.read, pipes.errors.read)
        guard code == 0 else {
            status = 0
            throw .programMissing(path: program, reason: String(cString: strerror(code)))
        }
        var clock = clockid_t()
        if clock_getcpuclockid(child, &clock) == 0 { self.clock = clock }
    }

    deinit {
        kill()
        if input >= 0 { close(input) }
        close(output)
        close(errors)
    }

    /// Sets limits, ignores the signal for too large files (writing fails instead), asks to die with the parent's
    /// thread, and becomes the program.
    private static func launcher(_ walls: ChildWalls) -> String {
        let blocks = (walls.fileSize + 511) / 512
        return """
            cd "$1" || exit 126
            shift; trap '' XFSZ; ulimit -c 0; ulimit -f \(blocks); ulimit -v \(walls.addressSpace >> 10)
            command -v setpriv >/dev/null 2>&1 && exec setpriv --pdeathsig KILL "$@"
            exec "$@"
            """
    }

    /// Only what programs need to run at all, so that the caller's environment changes no outcome.
    private static func environment(_ settings: [String: String]) -> [String] {
        let kept = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"]
        return kept.compactMap { name in getenv(name).map { name + "=" + String(cString: $0) } }
            + settings.map { $0.key + "=" + $0.value }
    }

    private typealias Pipe = (read: Int32, write: Int32)

    private static func makePipes() throws(ProofAssistantError) -> (input: Pipe, output: Pipe, errors: Pipe) {
        var made: [Pipe] = []
        for _ in 0..<3 {
            guard let ends = SpawnExtensions.pipe() else {
                let reason = String(cString: strerror(errno))
                for pipe in made {
                    close(pipe.read)
                    close(pipe.write)
                }
                throw .programMissing(path: "pipe", reason: reason)
            }
            made.append(ends)
        }
        _ = fcntl(made[0].write, F_SETFL, O_NONBLOCK)
        _ = fcntl(made[1].read, F_SETFL, O_NONBLOCK)
        _ = fcntl(made[2].read, F_SETFL, O_NONBLOCK)
        return (made[0], made[1], made[2])
    }
}

extension ChildProcess {
    /// What a wait ended with.
    enum Event {
        /// Bytes came, or some of the input went out.
        case progress
        /// The time was up.
        case quiet
        /// The output stream has ended.
        case ended
    }

    /// Waits until output comes or input can go out, and moves both.
    ///
    /// - Parameters:
    ///   - pending: bytes to send; those that went out are removed from the front.
    ///   - milliseconds: longest wait.
    ///   - receive: takes output.
    /// - Returns: whether anything happened.
    func exchange(
        _ pending: inout ArraySlice<UInt8>, milliseconds: Int32, receive: (ArraySlice<UInt8>) -> Void
    ) -> Event {
        var polls = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorsEnded ? -1 : errors, events: Int16(POLLIN), revents: 0),
            pollfd(fd: pending.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
        ]
        let count = poll(&polls, 3, milliseconds)
        if count == 0 { return .quiet }
        if count < 0 { return errno == EINTR ? .progress : .ended }
        if polls[1].revents != 0 { readErrors() }
        if polls[2].revents != 0, !writeSome(&pending) { pending = [] }
        guard polls[0].revents != 0 else { return .progress }
        let size = read(output, &buffer, buffer.count)
        if size > 0 {
            receive(buffer[..<size])
            return .progress
        }
        return size < 0 && (errno == EAGAIN || errno == EINTR) ? .progress : .ended
    }

    /// Writes what fits; false if the child doesn't read any more.
    private func writeSome(_ pending: inout ArraySlice<UInt8>) -> Bool {
        let written = pending.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        if written > 0 { pending = pending.dropFirst(written) }
        return written >= 0 || errno == EAGAIN || errno == EINTR
    }

    private func readErrors() {
        let size = read(errors, &buffer, buffer.count)
        if size > 0 {
            errorTail.append(contentsOf: buffer[..<size])
            if errorTail.count > errorTailLimit { errorTail.removeFirst(errorTail.count - errorTailLimit) }
        } else if size == 0 || errno != EAGAIN && errno != EINTR {
            errorsEnded = true
        }
    }

    /// Takes what is left on the error stream after the child has ended.
    func drainErrors() {
        while !errorsEnded {
            let before = errorTail.count
            readErrors()
            if errorTail.count == before { return }
        }
    }

    /// Ends the input stream.
    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// Processor time used so far.
    var processorTime: Duration {
        var time = timespec()
        guard let clock, clock_gettime(clock, &time) == 0 else { return .zero }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Resident bytes now; 0 if the child is gone.
    var residentBytes: Int {
        guard let file = fopen("/proc/\(id)/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }

    /// Asks the child to stop what it does (SIGINT).
    func interrupt() {
        if status == nil { _ = Glibc.kill(id, SIGINT) }
    }

    /// Kills the child with its group and reaps it.
    ///
    /// Does nothing a second time.
    func kill() {
        guard status == nil else { return }
        _ = Glibc.kill(-id, SIGKILL)
        _ = Glibc.kill(id, SIGKILL)
        reap()
    }

    /// Waits for the child's end and takes its status.
    func reap() {
        guard status == nil else { return }
        var result: Int32 = 0
        while waitpid(id, &result, 0) < 0, errno == EINTR {}
        status = result
    }

    /// How it ended, in words.
    var ending: String {
        guard let status else { return "still running" }
        let signal = status & 0x7F
        return signal == 0 ? "exit code \((status >> 8) & 0xFF)" : "signal \(signal)"
    }

    /// The exit code, or nil if a signal ended it.
    var exitCode: Int32? {
        guard let status, status & 0x7F == 0 else { return nil }
        return (status >> 8) & 0xFF
    }
}
