import Tensors

/// The tensor engine.
extension Part {
    static let libtorch = Part(
        name: "libtorch", purpose: "everything with a model", advice: "run Scripts/bootstrap and build again",
        isRequired: true, state: { .found(libtorchVersion) })
}
