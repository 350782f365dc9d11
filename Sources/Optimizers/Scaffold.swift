enum OptimizersScaffold {}
