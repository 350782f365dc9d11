import Optimizers
import Tensors
import Testing

@Suite struct GradientGraphTests {
    /// A meta-step of three inner steps: every step's parameters are found, and depend on the ones before.
    @Test func metaStep() {
        let start = ["bias": Tensor([0.5]), "weight": Tensor([1.0, 2.0])]
        let loop = InnerLoop<[String: Tensor], EmptyTree, SGD>(
            steps: 3, using: SGD(learningRate: 0.1, momentum: 0.9)
        ) { parameters, _ in
            ((parameters["weight"] ?? Tensor(0.0)).sum() * (parameters["bias"] ?? Tensor(0.0))).sum()
        }
        var graph = GradientGraph()
        _ = valueAndGrad(at: start) { start in
            let points = loop.trajectory(from: start)
            let loss = points[3].parameters.tensors.reduce(Tensor(0.0)) { $0 + $1.sum() }
            var names = loss.labelled("loss") + Tensor(1.0).labelled("elsewhere")
            for (step, point) in points.enumerated() { names += point.parameters.labelled("step \(step)") }
            graph = gradientGraph(of: loss, names: names)
            return loss
        }
        let places = (0...3).map { graph.nodes(named: "step \($0): weight") }
        #expect(places.allSatisfy { $0.count == 1 })
        #expect(graph.nodes(named: "loss").count == 1)
        #expect(graph.nodes(named: "elsewhere").isEmpty)
        for step in 0..<3 {
            #expect(graph.isConnected(from: places[step + 1][0], to: places[step][0]))
            #expect(!graph.isConnected(from: places[step][0], to: places[step + 1][0]))
        }
        #expect(graph.nodes.filter { $0.leafShape == [2] }.count == 1)
        #expect(graph.nodes(named: "step 0: bias").map { graph.nodes[$0].leafShape } == [[1]])
        let lines = graph.dot.split(separator: "\n")
        #expect(lines.filter { $0.contains("->") }.count == graph.edges.count)
        #expect(lines.filter { $0.contains("[label=") }.count == graph.nodes.count)
        #expect(graph.dot.hasPrefix("digraph gradient {\n") && graph.dot.hasSuffix("}\n"))
        #expect(graph.dot.contains("step 2: weight"))
    }

    /// Names with quotes and back-slashes cannot break the text.
    @Test func namesAreEscaped() {
        var graph = GradientGraph()
        _ = valueAndGrad(at: Tensor([1.0, 2.0])) { x in
            let y = x.sum()
            graph = gradientGraph(of: y, names: y.labelled("a\"b\\c"))
            return y
        }
        #expect(graph.dot.contains("a\\\"b\\\\c"))
        #expect(graph.nodes.map(\.operation) == ["Sum", "leaf"])
        #expect(graph.edges == [GradientGraph.Edge(from: 0, to: 1)])
        #expect(gradientGraph(of: Tensor(1.0)).nodes.isEmpty)
    }
}
