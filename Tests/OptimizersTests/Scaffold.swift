enum OptimizersTestsScaffold {}
