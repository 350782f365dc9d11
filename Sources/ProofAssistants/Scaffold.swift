enum ProofAssistantsScaffold {}
