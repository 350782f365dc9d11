import CTorch

/// The graph through which a gradient would flow: operations, and the leaves that gradients arrive at.
///
/// A value to look at, not the graph itself. `dot` is text for Graphviz, which draws it: `dot -Tsvg graph.dot`.
public struct GradientGraph: Sendable, Equatable {
    /// An operation or a leaf.
    public struct Node: Sendable, Equatable {
        /// libtorch's name of the operation without `Backward` and its number, such as `Mul`; `leaf` for a leaf.
        public var operation: String

        /// The shape of a leaf; nil for an operation.
        public var leafShape: [Int]?

        /// Names of tensors that are its results, as they were given.
        public var names: [String]

        /// Creates a node.
        ///
        /// - Parameters:
        ///   - operation: the operation's name, `leaf` for a leaf.
        ///   - leafShape: the shape of a leaf; nil for an operation.
        ///   - names: names of its results.
        public init(operation: String, leafShape: [Int]? = nil, names: [String] = []) {
            self.operation = operation
            self.leafShape = leafShape
            self.names = names
        }
    }

    /// From an operation to one that made an operand of it.
    public struct Edge: Sendable, Hashable {
        /// Index of the operation.
        public var from: Int

        /// Index of the operation or leaf that the gradient flows on to.
        public var to: Int

        /// Creates an edge.
        ///
        /// - Parameters:
        ///   - from: index of the operation.
        ///   - to: index of the operation or leaf that the gradient flows on to.
        public init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }
    }

    /// Nodes from the results towards the leaves.
    public var nodes: [Node] = []

    /// Edges, in the order in which gradients flow.
    public var edges: [Edge] = []

    /// The graph without nodes.
    public init() {}

    /// Nodes that carry a name.
    ///
    /// - Parameter name: as it was given.
    /// - Returns: indices of the nodes.
    public func nodes(named name: String) -> [Int] { nodes.indices.filter { nodes[$0].names.contains(name) } }

    /// Whether a gradient can flow from one node to another.
    ///
    /// - Parameters:
    ///   - start: index of the first node.
    ///   - end: index of the second.
    /// - Returns: true also when both are the same.
    public func isConnected(from start: Int, to end: Int) -> Bool {
        var targets: [Int: [Int]] = [:]
        for edge in edges { targets[edge.from, default: []].append(edge.to) }
        var (seen, open): (Set<Int>, [Int]) = ([start], [start])
        while let node = open.popLast() {
            if node == end { return true }
            for next in targets[node] ?? [] where seen.insert(next).inserted { open.append(next) }
        }
        return false
    }

    /// The graph in the language of Graphviz, edges pointing from parameters to results.
    ///
    /// Leaves are filled boxes with shapes, named nodes are boxes with bold names, other operations are ellipses.
    public var dot: String {
        var lines = ["digraph gradient {", "  rankdir=TB;", "  node [fontname=\"Helvetica\", fontsize=10];"]
        for (index, node) in nodes.enumerated() {
            let text = (node.names + [node.leafShape.map { "\(node.operation) \($0)" } ?? node.operation])
                .map(Self.escaped).joined(separator: "\\n")
            let style =
                node.leafShape != nil
                ? ", shape=box, style=filled, fillcolor=\"#cfe2f3\""
                : node.names.isEmpty ? "" : ", shape=box, style=filled, fillcolor=\"#fff2cc\""
            lines.append("  n\(index) [label=\"\(text)\"\(style)];")
        }
        for edge in edges { lines.append("  n\(edge.to) -> n\(edge.from);") }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// The graph behind a tensor, with names for the tensors in it that are of interest.
///
/// Call it inside the function that is being differentiated, where tensors are still part of the graph:
///
///     _ = valueAndGrad(at: model) { model in
///         let points = loop.trajectory(from: model)
///         let loss = validationLoss(points[5].parameters)
///         picture = gradientGraph(of: loss, names: names("start", model) + names("step 5", points[5].parameters))
///         return loss
///     }
///
/// - Parameters:
///   - tensor: the result to start from; without a graph the result is empty.
///   - names: tensors and their names; those outside the graph are passed over.
/// - Returns: nodes and edges.
public func gradientGraph(of tensor: Tensor, names: [(path: String, tensor: Tensor)] = []) -> GradientGraph {
    let collector = GraphCollector(names: names.map(\.path))
    let visitor = CTGraphVisitor(
        context: Unmanaged.passUnretained(collector).toOpaque(),
        node: { context, _, name, shape, rank in
            let sizes = shape.map { Array(UnsafeBufferPointer(start: $0, count: rank)) }
            GraphCollector.at(context).add(String(cString: name), sizes)
        },
        edge: { context, from, to in GraphCollector.at(context).graph.edges.append(.init(from: from, to: to)) },
        named: { context, index, id in GraphCollector.at(context).name(index, id) })
    perform("gradientGraph", [tensor]) { error in
        withPointers([tensor]) { outputs in
            withPointers(names.map(\.tensor)) { named in
                withExtendedLifetime(collector) { ct_graph_walk(outputs, 1, named, names.count, visitor, error) }
            }
        }
    }
    return collector.graph
}

extension TensorTree {
    /// The tensors of the tree with a label before their paths, for the names of a picture.
    ///
    /// - Parameter label: for example `step 3`.
    /// - Returns: pairs such as (`step 3: layers.0.weight`, its tensor).
    public func labelled(_ label: String) -> [(path: String, tensor: Tensor)] {
        flattened().map { ($0.path.isEmpty ? label : "\(label): \($0.path)", $0.tensor) }
    }
}

/// Takes down what the walk finds.
private final class GraphCollector {
    var graph = GradientGraph()
    private let names: [String]

    init(names: [String]) {
        self.names = names
    }

    static func at(_ context: UnsafeMutableRawPointer) -> GraphCollector {
        Unmanaged<GraphCollector>.fromOpaque(context).takeUnretainedValue()
    }

    func add(_ name: String, _ shape: [Int]?) {
        var operation = name.split(separator: ":").last.map(String.init) ?? name
        if let end = operation.firstRange(of: "Backward") { operation = String(operation[..<end.lowerBound]) }
        graph.nodes.append(.init(operation: shape == nil ? operation : "leaf", leafShape: shape))
    }

    func name(_ index: Int, _ id: Int) {
        if !graph.nodes[id].names.contains(names[index]) { graph.nodes[id].names.append(names[index]) }
    }
}
