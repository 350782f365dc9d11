extension BiasDecomposition {
    /// A correlation of the reference.
    struct Cell {
        let series: String
        let trajectories: Int
        let value: Double
    }

    /// Correlations to reproduce to 0.05.
    ///
    /// For up to 32 trajectories they were made with the authors' code in 50 processes with 5 trials, which leaves
    /// standard errors of 0.002 to 0.04; for more with a re-implementation in 10 processes. Left out are cells where 10
    /// processes don't settle it or the reference's own standard error is above 0.03: maml's Hessian with 2, 8 and 256
    /// trajectories, all of maml with 256, all of DiCE with 128, and DiCE's outer gradient with 128 and 256.
    static let referenceCorrelations: [Cell] = [
        ("inner maml", [2: 0.75, 8: 0.86, 32: 0.96, 128: 0.991, 256: 0.993]),
        ("inner dice", [2: 0.19, 8: 0.42, 32: 0.66, 128: 0.89, 256: 0.93]),
        ("hessian maml", [32: 0.71, 128: 0.71]),
        ("hessian lvc", [2: 0.75, 8: 0.89, 32: 0.967, 128: 0.984, 256: 0.984]),
        ("hessian loaded", [2: 0.45, 8: 0.68, 32: 0.886, 128: 0.97, 256: 0.983]),
        ("hessian dice", [2: -0.01, 8: 0.23, 32: 0.44, 128: 0.77, 256: 0.85]),
        ("outer maml", [2: 0.25, 8: 0.49, 32: 0.74, 128: 0.92, 256: 0.95]),
        ("outer dice", [2: 0.04, 8: 0.17, 32: 0.29]),
        ("all maml", [2: 0.11, 8: 0.27, 32: 0.47, 128: 0.61]),
        ("all lvc", [2: 0.14, 8: 0.35, 32: 0.68, 128: 0.88, 256: 0.93]),
        ("all loaded", [2: 0.09, 8: 0.27, 32: 0.64, 128: 0.88, 256: 0.93]),
        ("all dice", [2: -0.02, 8: 0.01, 32: 0.1, 256: 0.51]),
    ].flatMap { (series: String, cells: [Int: Double]) in
        cells.sorted { $0.key < $1.key }.map { Cell(series: series, trajectories: $0.key, value: $0.value) }
    }
}
