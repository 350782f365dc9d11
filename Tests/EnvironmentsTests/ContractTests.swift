import Environments
import Testing
import TestSupport

@Suite struct ContractTests {
    static let tasks = EnvironmentCatalogue.builtIn.tasks.map(\.id)

    @Test(arguments: tasks)
    func keepsTheContract(id: String) throws {
        let broken = try checkEnvironment(EnvironmentCatalogue.builtIn.task(id), steps: 260)
        #expect(broken.isEmpty, "\(broken)")
    }
}
