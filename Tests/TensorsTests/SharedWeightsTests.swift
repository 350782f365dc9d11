import Tensors
import TestSupport
import Testing

/// Files that the format's own library wrote.
@Suite(.enabled(if: SharedFiles.folder != nil, "LUDUS_SHARED names no folder"))
struct SharedWeightsTests {
    @Test func opensFilesOfTheReferenceLibrary() throws {
        let paths = SharedFiles.files(endingIn: ".safetensors")
        #expect(!paths.isEmpty)
        for path in paths {
            let opened = try SafeTensors(contentsOf: path)
            for entry in opened.entries {
                let tensor = try opened.tensor(entry.name)
                #expect(tensor.shape == entry.shape && tensor.dtype == entry.dtype, "\(entry.name) of \(path)")
                #expect(tensor.array(of: Double.self).count == entry.shape.reduce(1, *))
            }
        }
    }
}
