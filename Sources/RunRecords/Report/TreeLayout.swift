/// Places a tree's nodes in columns by depth and rows such that no two share a place.
///
/// Leaves take the rows one after another in depth-first order. A parent stands in the middle between its first and its
/// last child, or, in trees too tall to be seen at once, in the row of its first child.
struct TreeLayout {
    struct Place: Equatable {
        let column: Int
        let row: Double
    }

    let places: [Place]
    let columns: Int
    let rows: Int

    /// More rows than this can't be seen at once.
    static let tallest = 40

    /// Lays out a forest given by parents, which come before their children.
    ///
    /// Children that are `preferred` come before their siblings; otherwise the order is that of the list.
    ///
    /// - Complexity: O(nodes), without recursion, so that deep trees do no harm.
    init(parents: [Int?], preferred: Set<Int> = []) {
        var children = parents.map { _ in [Int]() }
        var depths = Array(repeating: 0, count: parents.count)
        for (node, parent) in parents.enumerated() {
            guard let parent else { continue }
            children[parent].append(node)
            depths[node] = depths[parent] + 1
        }
        for node in preferred {
            guard let parent = parents[node] else { continue }
            let (first, rest) = (
                children[parent].filter(preferred.contains), children[parent].filter { !preferred.contains($0) }
            )
            children[parent] = first + rest
        }
        var rowOf = Array(repeating: 0.0, count: parents.count)
        var leaves = 0
        var open = Array(parents.indices.filter { parents[$0] == nil }.reversed())
        while let node = open.popLast() {
            if children[node].isEmpty {
                rowOf[node] = Double(leaves)
                leaves += 1
            }
            open.append(contentsOf: children[node].reversed())
        }
        for node in parents.indices.reversed() {
            if let first = children[node].first, let last = children[node].last {
                rowOf[node] = leaves > Self.tallest ? rowOf[first] : (rowOf[first] + rowOf[last]) / 2
            }
        }
        places = zip(depths, rowOf).map { Place(column: $0, row: $1) }
        columns = (depths.max() ?? -1) + 1
        rows = leaves
    }
}
