enum LanguageModelsScaffold {}
