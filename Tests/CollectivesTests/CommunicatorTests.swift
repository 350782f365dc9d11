import Testing

@testable import Collectives

@Suite struct CommunicatorTests {
    /// One process by itself gets back what it gave.
    @Test func alone() async throws {
        let results = try await Communicator.withWorld { world in
            #expect(world.size == 1 && world.rank == 0)
            var numbers = [1.5, 2.5]
            for reduction in Reduction.allCases { try world.allReduce(&numbers, reduction) }
            var bytes: [UInt8] = [1, 2, 3]
            try world.broadcast(&bytes)
            try world.barrier()
            #expect(try world.allGather([7]) == [[7]])
            #expect(bytes == [1, 2, 3])
            return numbers
        }
        #expect(results == [1.5, 2.5])
    }

    /// Errors of one process by itself come back to the caller.
    @Test func errorsAlone() async {
        struct Stop: Error {}
        await #expect(throws: Stop.self) { try await Communicator.withWorld { _ in throw Stop() } }
    }

    @Test(arguments: [
        ([:], 0, 1), (["OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "4"], 1, 4),
        (["PMIX_RANK": "2", "SLURM_STEP_NUM_TASKS": "3"], 2, 3), (["PMIX_RANK": "2"], 0, 1),
        (["OMPI_COMM_WORLD_RANK": "5", "OMPI_COMM_WORLD_SIZE": "4"], 0, 1),
        (["OMPI_COMM_WORLD_RANK": "x", "OMPI_COMM_WORLD_SIZE": "4"], 0, 1),
    ])
    func launches(environment: [String: String], rank: Int, size: Int) {
        #expect(ProcessLaunch { environment[$0] } == ProcessLaunch(rank: rank, size: size))
    }

    @Test func badRootTraps() async {
        await #expect(processExitsWith: .failure) {
            var numbers = [1]
            try Communicator.alone.broadcast(&numbers, from: 1)
        }
    }
}
