import Environments
import Foundation
import TestSupport
import Testing

@Suite struct ContractTests {
    static let tasks = EnvironmentCatalogue.builtIn.tasks.map(\.id)

    @Test(arguments: tasks)
    func keepsTheContract(id: String) throws {
        let broken = try checkEnvironment(EnvironmentCatalogue.builtIn.task(id), steps: 260)
        #expect(broken.isEmpty, "\(broken)")
    }

    @Test func theArticlesTaskKeepsTheContract() throws {
        let task = EnvironmentTask(Corridor.self, family: .classic, options: Corridor.Options())
        let broken = try checkEnvironment(task)
        #expect(broken.isEmpty, "\(broken)")
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let code = try String(contentsOf: here.appending(path: "Corridor.swift"), encoding: .utf8)
        let article = try String(
            contentsOf: here.appending(path: "../../Sources/Environments/Environments.docc/AddingAnEnvironment.md"),
            encoding: .utf8)
        #expect(article.contains(code), "the article shows other code than Corridor.swift")
    }
}
