enum NetworksScaffold {}
