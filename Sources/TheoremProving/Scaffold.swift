enum TheoremProvingScaffold {}
