enum RunRecordsTestsScaffold {}
