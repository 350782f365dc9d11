import Foundation
import Testing

@testable import RunRecords

@Suite struct TreePictureTests {
    @Test func placesASmallTree() {
        // 0 has children 1 and 2; 1 has children 3, 4, 5.
        let layout = TreeLayout(parents: [nil, 0, 0, 1, 1, 1])
        #expect(layout.columns == 3)
        #expect(layout.rows == 4)
        #expect(layout.places.map(\.column) == [0, 1, 1, 2, 2, 2])
        #expect(layout.places.map(\.row) == [2, 1, 3, 0, 1, 2])
    }

    @Test func tallTreesBeginAtTheTopAndPreferredChildrenComeFirst() {
        let layout = TreeLayout(parents: [nil] + Array(repeating: 0, count: 60), preferred: [50, 0])
        #expect(layout.places[0].row == 0)
        #expect(layout.places[50].row == 0)
        #expect(layout.places[1].row == 1)
        #expect(layout.places[60].row == 59)
    }

    @Test(arguments: 0..<20)
    func noTwoNodesCollide(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let parents = (0..<300).map { $0 == 0 ? nil : Int.random(in: max(0, $0 - 20)..<$0, using: &random) as Int? }
        let layout = TreeLayout(parents: parents)
        for column in 0..<layout.columns {
            let rows = layout.places.filter { $0.column == column }.map(\.row).sorted()
            #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 - $0 >= 1 })
        }
        #expect(layout.places.allSatisfy { $0.row >= 0 && $0.row <= Double(layout.rows - 1) })
    }

    @Test func handlesDeepWideAndEmptyTrees() {
        let deep = TreePicture((0..<2000).map { .init(parent: $0 == 0 ? nil : $0 - 1, label: "n\($0)") })
        #expect(deep.picture().source.components(separatedBy: "<circle").count - 1 == 2000)
        let wide = TreePicture((0..<2000).map { .init(parent: $0 == 0 ? nil : 0, label: "n\($0)", tone: .muted) })
        #expect(wide.picture().source.components(separatedBy: "<path").count - 1 == 1999)
        #expect(TreePicture([]).picture().source.hasSuffix("</svg>"))
    }

    @Test func cutsLabelsButNotTooltips() {
        let label = "intros x y; induction x as [|x IH]; simpl\nsecond line"
        let source = TreePicture([.init(parent: nil, label: label, tone: .good)], longestLabel: 10).picture().source
        #expect(source.contains(">intros x …</text>"))
        #expect(source.contains("<title>\(label)</title>"))
    }

    @Test func childBeforeParentTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = TreePicture([.init(parent: 1, label: "a"), .init(parent: nil, label: "b")])
        }
    }
}
