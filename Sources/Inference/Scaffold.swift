enum InferenceScaffold {}
