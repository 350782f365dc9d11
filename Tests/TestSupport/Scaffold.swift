enum TestSupportScaffold {}
