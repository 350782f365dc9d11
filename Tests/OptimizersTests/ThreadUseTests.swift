#if canImport(Glibc)
    import Glibc
    import Optimizers
    import Tensors
    import Testing

    /// The optimisers keep to the threads they were told to use.
    @Suite struct ThreadUseTests {
        /// With one thread all the work is the caller's: the process uses no more processor time than the thread does.
        ///
        /// In a process of its own, where nothing else works.
        @Test func adamUsesOneThread() async {
            await #expect(processExitsWith: .success) {
                setIntraOpThreads(1)
                let parameters = [Tensor.full([1 << 20], 1, dtype: .float32)]
                let gradients = [Tensor.full([1 << 20], 0.5, dtype: .float32)]
                let trainer = FusedAdam(Adam(learningRate: 1e-3), model: parameters)
                let optimizer = Adam(learningRate: 1e-3)
                func steps() {
                    for _ in 0..<20 { trainer.step(gradients) }
                    for _ in 0..<5 {
                        _ = grad(at: parameters) { start in
                            var (p, state) = (start, optimizer.initialState(for: start))
                            optimizer.step(&p, gradients: p.map { $0 * 2 }, state: &state)
                            return p[0].square().sum()
                        }
                    }
                }
                steps()
                let (thread, process) = (
                    processorTime(CLOCK_THREAD_CPUTIME_ID), processorTime(CLOCK_PROCESS_CPUTIME_ID)
                )
                steps()
                let own = processorTime(CLOCK_THREAD_CPUTIME_ID) - thread
                let all = processorTime(CLOCK_PROCESS_CPUTIME_ID) - process
                // libtorch runs backward passes on the caller's thread, too.
                precondition(own > 0 && all <= own * 1.2, "of \(all) s the caller worked \(own) s")
            }
        }
    }

    /// Seconds of processor time.
    private func processorTime(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
#endif
