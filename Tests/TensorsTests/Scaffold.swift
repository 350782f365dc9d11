enum TensorsTestsScaffold {}
