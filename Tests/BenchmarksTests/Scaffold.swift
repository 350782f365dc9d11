enum BenchmarksTestsScaffold {}
