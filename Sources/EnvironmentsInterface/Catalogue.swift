import Environments

#if canImport(EnvironmentsArcade)
    import EnvironmentsArcade
#endif
#if canImport(EnvironmentsMuJoCo)
    import EnvironmentsMuJoCo
#endif

extension EnvironmentCatalogue {
    /// Every task that this library was built with and whose files are there.
    static let all: EnvironmentCatalogue = {
        var catalogue = EnvironmentCatalogue.builtIn
        #if canImport(EnvironmentsArcade)
            catalogue = catalogue + .arcade
        #endif
        #if canImport(EnvironmentsMuJoCo)
            catalogue = catalogue + .mujoco
        #endif
        return catalogue
    }()
}
