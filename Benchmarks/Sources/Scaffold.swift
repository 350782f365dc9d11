enum BenchmarksScaffold {}
