import Environments
import Foundation
import Testing

@Suite struct GeneratorTests {
    private func draws(_ generator: inout EnvironmentGenerator) -> [Double] {
        (0..<700).flatMap { turn in
            [
                generator.unit(), Double(generator.integer(below: 1 + turn)), generator.normal(),
                generator.uniform(-1, 2),
            ]
        } + [generator.normal()]
    }

    @Test(arguments: GeneratorKind.allCases)
    func copiesGoTheirOwnWays(_ kind: GeneratorKind) throws {
        var first = EnvironmentGenerator(kind, seed: 7)
        _ = draws(&first)
        var second = first
        var stored = try JSONDecoder().decode(EnvironmentGenerator.self, from: JSONEncoder().encode(first))
        let expected = draws(&first)
        #expect(draws(&second) == expected)
        #expect(draws(&stored) == expected)
        #expect(draws(&first) == draws(&stored))
        #expect(first.kind == kind && second.kind == kind && stored.kind == kind)
    }
}
