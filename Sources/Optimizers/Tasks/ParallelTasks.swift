import Foundation
public import Tensors

/// Runs the same work for several tasks on threads of their own, and waits for all.
///
/// Each thread takes the next task when it is done with one; libtorch runs each thread's operations on that thread
/// alone, so gradients of different tasks are taken at the same time. Results do not depend on the number of threads
/// as long as a task's work depends on nothing but its number: draw its random numbers from a generator that belongs to
/// the number.
///
/// - Parameters:
///   - count: number of tasks, ≥ 0.
///   - threads: number of threads, ≥ 1; with 1 everything runs on the caller's.
///   - body: the work of one task, whose number it takes. It is synchronous: gradients belong to a thread.
/// - Returns: results in the order of the tasks.
/// - Throws: the error of the task with the lowest number that threw; tasks that were not begun by then are left out.
/// - Precondition: `count ≥ 0` and `threads ≥ 1`; violations trap.
public func parallelTasks<Result: Sendable>(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (_ task: Int) throws -> Result
) throws -> [Result] {
    var results: [Result?] = Array(repeating: nil, count: count)
    try forEachTask(count, threads: threads, body) { task, result in results[task] = result }
    return results.compactMap { $0 }
}

/// The mean of values and gradients over tasks, taken on several threads.
///
/// They are added up in the order of the tasks, so that the result has the same bits for any number of threads; at
/// most a few gradients per thread are kept at a time.
///
/// - Parameters:
///   - tasks: at least one.
///   - threads: number of threads, ≥ 1.
///   - body: value and gradient of one task.
/// - Returns: the means.
/// - Throws: the error of the first task that threw.
/// - Precondition: `tasks` is not empty and `threads ≥ 1`; violations trap.
public func meanGradient<Task: Sendable, Parameters: TensorTree & Sendable>(
    over tasks: [Task], threads: Int,
    _ body: @escaping @Sendable (Task) throws -> (value: Tensor, gradient: Parameters)
) throws -> (value: Tensor, gradient: Parameters) {
    precondition(!tasks.isEmpty, "meanGradient: there are no tasks")
    var sum: (value: Tensor, gradient: Parameters)?
    try forEachTask(tasks.count, threads: threads, { try body(tasks[$0]) }) { _, part in
        guard let former = sum else {
            sum = part
            return
        }
        sum = withoutGradients { (former.value + part.value, former.gradient.applying(part.gradient)) }
    }
    guard let sum else { preconditionFailure("meanGradient: no task returned a gradient") }
    let scale = 1 / Double(tasks.count)
    return withoutGradients {
        (sum.value * scale, sum.gradient.mapTensors { $0.dtype.isFloatingPoint ? $0 * scale : $0 })
    }
}

/// Runs tasks on threads and hands their results to `take` in the order of the tasks, never two at a time.
private func forEachTask<Result: Sendable>(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Result, take: (Int, Result) -> Void
) throws {
    precondition(count >= 0, "parallelTasks: \(count) tasks, must be at least 0")
    precondition(threads >= 1, "parallelTasks: \(threads) threads, must be at least 1")
    if threads == 1 || count <= 1 {
        for task in 0..<count { take(task, try body(task)) }
        return
    }
    let formerThreads = intraOpThreads
    defer { if formerThreads != 1 { setIntraOpThreads(formerThreads) } }
    let desk = TaskDesk<Result>(count: count)
    let done = DispatchSemaphore(value: 0)
    let workers = min(threads, count)
    for _ in 0..<workers {
        let thread = Thread {
            // Also where it is 1 already: a new thread learns that in libtorch, but not in every library below it.
            setIntraOpThreads(1)
            desk.work(body)
            done.signal()
        }
        // Graphs are let go recursively; the system's default for threads can be small.
        thread.stackSize = 8 << 20
        thread.start()
    }
    for task in 0..<count {
        guard let result = desk.result(of: task) else { break }
        take(task, result)
    }
    for _ in 0..<workers { done.wait() }
    if let error = desk.error { throw error }
}

/// Hands out tasks to threads and collects their results.
private final class TaskDesk<Result: Sendable>: @unchecked Sendable {
    private let count: Int
    /// Signalled for each task that ended.
    private let news = NSCondition()

    // Unchecked: what follows is read and written only while `news` is locked.
    private var next = 0
    private var results: [Int: Result] = [:]
    private var failure: (task: Int, error: any Error)?

    init(count: Int) {
        self.count = count
    }

    /// The error of the lowest task that threw.
    var error: (any Error)? { news.withLock { failure?.error } }

    /// Does tasks until there are none left, or one has thrown.
    func work(_ body: (Int) throws -> Result) {
        while let task = take() {
            do {
                let result = try body(task)
                news.withLock { results[task] = result }
            } catch {
                news.withLock {
                    if task < failure?.task ?? .max { failure = (task, error) }
                }
            }
            news.broadcast()
        }
    }

    /// Waits for a task's result; nil when a task up to it has thrown.
    func result(of task: Int) -> Result? {
        news.withLock {
            while true {
                if let result = results.removeValue(forKey: task) { return result }
                if (failure?.task ?? .max) <= task { return nil }
                news.wait()
            }
        }
    }

    private func take() -> Int? {
        news.withLock {
            guard next < count, failure == nil else { return nil }
            defer { next += 1 }
            return next
        }
    }
}
