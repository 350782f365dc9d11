enum RunRecordsScaffold {}
