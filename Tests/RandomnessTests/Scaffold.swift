enum RandomnessTestsScaffold {}
