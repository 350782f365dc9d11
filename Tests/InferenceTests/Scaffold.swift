enum InferenceTestsScaffold {}
