enum RecipesTestsScaffold {}
