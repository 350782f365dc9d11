enum ProofAssistantsTestsScaffold {}
