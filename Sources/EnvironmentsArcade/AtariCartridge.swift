/// A game for the Atari 2600: the name of its file, its id, and the actions that it knows.
///
/// The actions are those that the Arcade Learning Environment gives (Bellemare et al. 2013, "The Arcade Learning
/// Environment: an evaluation platform for general agents", JAIR 47), as sets of bits: bit a is action a of 18.
struct AtariCartridge: Sendable {
    /// The file's name without `.bin`, such as `ms_pacman`.
    let name: String
    /// Actions that do something in the game.
    let minimalActions: [Int32]
    /// Actions that the emulator takes.
    let allActions: [Int32]

    private init(_ name: String, _ minimal: UInt32, all: UInt32 = 0x3ffff) {
        self.name = name
        minimalActions = Self.actions(minimal)
        allActions = Self.actions(all)
    }

    private static func actions(_ bits: UInt32) -> [Int32] { (0..<18).filter { bits >> UInt32($0) & 1 == 1 } }

    /// The id of the task, such as `MsPacman-v5`.
    var id: String {
        name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "-v5"
    }

    /// The game of a name; nil for one that isn't known.
    static func named(_ name: String) -> AtariCartridge? { known.first { $0.name == name } }

    /// The games that EnvPool 1.2.5 knows, in the order of their names.
    static let known: [AtariCartridge] = [
        .init("adventure", 0x3ffff), .init("air_raid", 0x0181b), .init("alien", 0x3ffff), .init("amidar", 0x03c3f),
        .init("assault", 0x0181f), .init("asterix", 0x003fd), .init("asteroids", 0x0fcff),
        .init("atlantis", 0x01803), .init("atlantis2", 0x01803), .init("backgammon", 0x0001a),
        .init("bank_heist", 0x3ffff), .init("basic_math", 0x0003f), .init("battle_zone", 0x3ffff),
        .init("beam_rider", 0x018df), .init("berzerk", 0x3ffff), .init("blackjack", 0x00027),
        .init("bowling", 0x02427), .init("boxing", 0x3ffff), .init("breakout", 0x0001b),
        .init("carnival", 0x0181b), .init("casino", 0x00027), .init("centipede", 0x3ffff),
        .init("chopper_command", 0x3ffff), .init("crazy_climber", 0x003fd), .init("crossbow", 0x3ffff),
        .init("darkchambers", 0x3ffff), .init("defender", 0x3ffff), .init("demon_attack", 0x0181b),
        .init("donkey_kong", 0x3ffff), .init("double_dunk", 0x3ffff), .init("earthworld", 0x3ffff),
        .init("elevator_action", 0x3ffff), .init("enduro", 0x01b3b), .init("entombed", 0x3ffff),
        .init("et", 0x3ffff), .init("fishing_derby", 0x3ffff), .init("flag_capture", 0x3ffff),
        .init("freeway", 0x00025), .init("frogger", 0x0003d), .init("frostbite", 0x3ffff),
        .init("galaxian", 0x0181b), .init("gopher", 0x01c1f), .init("gravitar", 0x3ffff),
        .init("hangman", 0x3ffff), .init("haunted_house", 0x3ffff), .init("hero", 0x3ffff),
        .init("human_cannonball", 0x3ffff), .init("ice_hockey", 0x3ffff), .init("jamesbond", 0x3ffff),
        .init("journey_escape", 0x3fbfd), .init("kaboom", 0x0001b), .init("kangaroo", 0x3ffff),
        .init("keystone_kapers", 0x03fff), .init("king_kong", 0x0003f), .init("klax", 0x3ffff),
        .init("koolaid", 0x003fd), .init("krull", 0x3ffff), .init("kung_fu_master", 0x3fb3d),
        .init("laser_gates", 0x3ffff), .init("lost_luggage", 0x003fd, all: 0x003fd), .init("mario_bros", 0x3ffff),
        .init("miniature_golf", 0x3ffff), .init("montezuma_revenge", 0x3ffff), .init("mr_do", 0x03c3f),
        .init("ms_pacman", 0x003fd), .init("name_this_game", 0x0181b), .init("othello", 0x003ff),
        .init("pacman", 0x0003d), .init("phoenix", 0x0383b), .init("pitfall", 0x3ffff), .init("pitfall2", 0x3ffff),
        .init("pong", 0x0181b), .init("pooyan", 0x02427), .init("private_eye", 0x3ffff), .init("qbert", 0x0003f),
        .init("riverraid", 0x3ffff), .init("road_runner", 0x3ffff), .init("robotank", 0x3ffff),
        .init("seaquest", 0x3ffff), .init("sir_lancelot", 0x0181b), .init("skiing", 0x00019, all: 0x003fd),
        .init("solaris", 0x3ffff), .init("space_invaders", 0x0181b), .init("space_war", 0x3ffff),
        .init("star_gunner", 0x3ffff), .init("superman", 0x3ffff), .init("surround", 0x0003d),
        .init("tennis", 0x3ffff), .init("tetris", 0x0003b), .init("tic_tac_toe_3d", 0x003ff),
        .init("time_pilot", 0x03c3f), .init("trondead", 0x3ffff), .init("turmoil", 0x01bff),
        .init("tutankham", 0x01c3d), .init("up_n_down", 0x02427), .init("venture", 0x3ffff),
        .init("video_checkers", 0x003c2), .init("video_chess", 0x003ff), .init("video_cube", 0x3ffff),
        .init("video_pinball", 0x01c3f), .init("wizard_of_wor", 0x03c3f), .init("word_zapper", 0x3ffff),
        .init("yars_revenge", 0x3ffff), .init("zaxxon", 0x3ffff),
    ]
}
