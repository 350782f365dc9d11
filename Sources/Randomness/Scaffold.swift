enum RandomnessScaffold {}
