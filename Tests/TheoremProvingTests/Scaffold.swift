enum TheoremProvingTestsScaffold {}
