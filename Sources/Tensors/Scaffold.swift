enum TensorsScaffold {}
