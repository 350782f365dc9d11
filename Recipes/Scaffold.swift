enum RecipesScaffold {}
