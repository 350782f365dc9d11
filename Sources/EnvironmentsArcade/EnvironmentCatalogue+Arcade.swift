public import Environments

extension EnvironmentCatalogue {
    /// The Atari games whose files lie where ``ArcadeLibrary/folder(_:)`` looks; empty where the emulator isn't there.
    ///
    /// Nothing is loaded before a pool is made.
    public static var arcade: EnvironmentCatalogue {
        guard ArcadeLibrary.isPresent(), let folder = ArcadeLibrary.folder() else { return EnvironmentCatalogue([]) }
        let present = AtariCartridge.known.filter { ArcadeLibrary.has($0, in: folder) }
        return EnvironmentCatalogue(
            present.map { EnvironmentTask(AtariGame.self, family: .atari, options: AtariGame.Options(game: $0.name)) })
    }
}
