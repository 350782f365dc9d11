enum NetworksTestsScaffold {}
