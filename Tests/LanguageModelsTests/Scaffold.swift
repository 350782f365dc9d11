enum LanguageModelsTestsScaffold {}
