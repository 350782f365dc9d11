enum TreeSearchTestsScaffold {}
