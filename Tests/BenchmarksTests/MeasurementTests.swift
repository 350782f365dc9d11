import Testing

@testable import Benchmarks

@Suite("Medians, percentiles and the catalogue")
struct MeasurementTests {
    @Test(
        "The median is the middle value or the mean of the two in the middle",
        arguments: [([], 0), ([3], 3), ([5, 1, 3], 3), ([4, 1, 3, 2], 2.5)] as [([Double], Double)])
    func medians(values: [Double], expected: Double) {
        #expect(median(values) == expected)
    }

    @Test("A percentile is the value of nearest rank")
    func percentiles() {
        let values = (1...200).reversed().map(Double.init)
        #expect(percentile(0.5, of: values) == 100)
        #expect(percentile(0.99, of: values) == 198)
        #expect(percentile(1, of: values) == 200)
        #expect(percentile(0, of: values) == 1)
        #expect(percentile(0.99, of: []) == 0)
        #expect(percentile(0.99, of: [7]) == 7)
    }

    @Test("Work takes processor time, and a case's time is that of one call")
    func cases() {
        var calls = 0
        var sum = 0.0
        let time = BenchmarkCase("sum") {
            calls += 1
            for term in 1...1000 { sum += 1 / Double(term) }
        }.measure(seconds: 1e-3)
        #expect(time > 0)
        // Three calls to warm up, one to learn the time of a call, and seven measurements of at least one.
        #expect(calls >= 11)
        #expect(sum > 0)
    }

    @Test("Every field has one benchmark")
    func catalogue() {
        let fields = BenchmarkCatalogue.all.map { $0.field }
        #expect(Set(fields).count == fields.count)
        #expect(Set(fields).isSuperset(of: ["tensors", "search", "proofs"]))
    }

    @Test("A ratio above 1 means that ours is faster")
    func comparison() {
        let row = ComparisonRow(name: "add", ours: [1e-6, 3e-6, 2e-6], peer: [5e-6, 6e-6, 7e-6])
        #expect(row.ratio == 3)
        let table = Comparison(field: "tensors", peer: "none", rows: [row]).table
        #expect(table.contains("add"))
        #expect(table.contains("3.00"))
    }
}
