// The Arcade Learning Environment, loaded at run time from the extension module of the Python package ale-py 0.12.1.
//
// Nothing of that program is compiled in. Functions that can fail return null or a negative number and write a
// sentence into `message`, which is always ended with a zero byte. The others can't fail once a game is loaded.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif
#ifdef __cplusplus
extern "C" {
#endif

/// The loaded module. It stays loaded until the program ends.
typedef struct ludus_arcade_library ludus_arcade_library;
/// One emulator.
typedef struct ludus_arcade_machine ludus_arcade_machine;

/// Loads the module. `stub` is a library that defines the names of Python that the module wants; see
/// Scripts/arcade-stub.
ludus_arcade_library *_Nullable ludus_arcade_open(const char *module, const char *stub, char *message, size_t capacity);

/// The version that the module names, such as "0.12.1+abc"; empty if it names none.
const char *ludus_arcade_version(const ludus_arcade_library *library);

/// Makes an emulator without a game; safe to call from several threads.
ludus_arcade_machine *_Nullable ludus_arcade_create(ludus_arcade_library *library, char *message, size_t capacity);
void ludus_arcade_destroy(ludus_arcade_machine *machine);

/// What a game is started with.
typedef struct {
    /// Seed of the emulator's own random numbers, at least 0.
    int32_t seed;
    /// A mode of the game; negative for the game's own.
    int32_t mode;
    /// A difficulty of the game; negative for the game's own.
    int32_t difficulty;
    /// Frames after which the emulator itself ends an episode; 0 for never.
    int32_t frame_limit;
} ludus_arcade_options;

/// Puts a game in, powers the machine on and plays the game's opening. Returns 0 on success.
int32_t ludus_arcade_load(ludus_arcade_machine *machine, const char *rom, ludus_arcade_options options, char *message,
                          size_t capacity);

/// Starts an episode, in the mode and with the difficulty of the options.
void ludus_arcade_reset(ludus_arcade_machine *machine);
/// Emulates one frame; returns the reward.
int32_t ludus_arcade_act(ludus_arcade_machine *machine, int32_t action);
bool ludus_arcade_is_over(const ludus_arcade_machine *machine);
int32_t ludus_arcade_lives(const ludus_arcade_machine *machine);
/// Frames since the episode started.
int32_t ludus_arcade_episode_frames(const ludus_arcade_machine *machine);

/// 128 bytes, valid until the next game is loaded.
const uint8_t *ludus_arcade_ram(const ludus_arcade_machine *machine);
/// Colour numbers, row by row, valid until the next game is loaded.
uint8_t *ludus_arcade_screen(const ludus_arcade_machine *machine);
int32_t ludus_arcade_screen_height(const ludus_arcade_machine *machine);
int32_t ludus_arcade_screen_width(const ludus_arcade_machine *machine);
/// Brightness, and red, green and blue of each colour number. The screen is used and put back.
void ludus_arcade_palette(const ludus_arcade_machine *machine, uint8_t *gray /* 256 */, uint8_t *rgb /* 768 */);

/// The actions that the game knows, or all; returns how many there are, and writes up to `capacity` of them.
int32_t ludus_arcade_actions(const ludus_arcade_machine *machine, bool minimal, int32_t *actions, int32_t capacity);
/// The modes of the game; as ludus_arcade_actions.
int32_t ludus_arcade_modes(const ludus_arcade_machine *machine, int32_t *modes, int32_t capacity);
/// The difficulties of the game; as ludus_arcade_actions.
int32_t ludus_arcade_difficulties(const ludus_arcade_machine *machine, int32_t *difficulties, int32_t capacity);

/// Writes the state of game and machine, random numbers included, if `capacity` suffices; returns its size in bytes, or
/// a negative number where the state can't be had.
int64_t ludus_arcade_save(ludus_arcade_machine *machine, uint8_t *_Nullable bytes, size_t capacity);
/// Takes a state that ludus_arcade_save gave for the same game. The screen is left alone. Returns 0 on success.
int32_t ludus_arcade_restore(ludus_arcade_machine *machine, const uint8_t *bytes, size_t count, char *message,
                             size_t capacity);

#ifdef __cplusplus
}
#endif
#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
