import Tensors

/// A model whose parameters lie in memory of its own, for optimisers that write into them.
///
/// The copies are made on creation and never leave except inside `withModel`'s closure, so writing into them changes
/// no tensor that anybody else holds.
struct ParameterStorage<Model: TensorTree> {
    private let model: Model
    let parameters: ParameterList

    init(copying model: Model) {
        self.model = model.mapTensors { $0.detached().copied().contiguous() }
        parameters = ParameterList(of: self.model)
    }

    func withModel<Result>(_ body: (Model) throws -> Result) rethrows -> Result {
        try body(model)
    }

    func snapshot() -> Model {
        model.mapTensors { $0.copied() }
    }

    /// Gradients in the parameters' order, free of graphs; traps when they belong to another tree.
    func gradients(of tree: Model) -> [Tensor] {
        let list = ParameterList(of: tree)
        parameters.requireSameNames(as: list)
        for (index, gradient) in list.tensors.enumerated() {
            precondition(
                gradient.shape == parameters.tensors[index].shape,
                "gradient of \(list.names[index]) has shape \(gradient.shape), parameter has "
                    + "\(parameters.tensors[index].shape)")
        }
        return list.tensors.map { $0.detached() }
    }
}
