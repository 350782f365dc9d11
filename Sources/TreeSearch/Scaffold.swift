enum TreeSearchScaffold {}
