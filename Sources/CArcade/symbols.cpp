#include "symbols.hpp"

#include <cstddef>

namespace ludus::arcade {

#define LUDUS_TEXT "RKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
#define LUDUS_MACHINE "_ZN3ale12ALEInterface"
#define LUDUS_CONSTANT "_ZNK3ale12ALEInterface"

const Symbol symbols[] = {
    {offsetof(Functions, set_log_level), "_ZN3ale6Logger7setModeENS0_4modeE"},
    {offsetof(Functions, welcome), LUDUS_MACHINE "14welcomeMessageB5cxx11Ev"},
    {offsetof(Functions, supported), LUDUS_MACHINE "14isSupportedROMERKNSt10filesystem7__cxx114pathE"},
    {offsetof(Functions, make), LUDUS_MACHINE "C1Ev"},
    {offsetof(Functions, unmake), LUDUS_MACHINE "D1Ev"},
    {offsetof(Functions, set_integer), LUDUS_MACHINE "6setIntE" LUDUS_TEXT "i"},
    {offsetof(Functions, set_float), LUDUS_MACHINE "8setFloatE" LUDUS_TEXT "f"},
    {offsetof(Functions, load), LUDUS_MACHINE "7loadROMENSt10filesystem7__cxx114pathE"},
    {offsetof(Functions, set_mode), LUDUS_MACHINE "7setModeEj"},
    {offsetof(Functions, set_difficulty), LUDUS_MACHINE "13setDifficultyEj"},
    {offsetof(Functions, reset), LUDUS_MACHINE "10reset_gameEv"},
    {offsetof(Functions, act), LUDUS_MACHINE "3actENS_6ActionEf"},
    {offsetof(Functions, is_over), LUDUS_CONSTANT "9game_overEb"},
    {offsetof(Functions, lives), LUDUS_MACHINE "5livesEv"},
    {offsetof(Functions, episode_frames), LUDUS_CONSTANT "21getEpisodeFrameNumberEv"},
    {offsetof(Functions, ram), LUDUS_CONSTANT "6getRAMEv"},
    {offsetof(Functions, screen), LUDUS_CONSTANT "9getScreenEv"},
    {offsetof(Functions, screen_gray), LUDUS_CONSTANT "18getScreenGrayscaleERSt6vectorIhSaIhEE"},
    {offsetof(Functions, screen_colours), LUDUS_CONSTANT "12getScreenRGBERSt6vectorIhSaIhEE"},
    {offsetof(Functions, minimal_actions), LUDUS_CONSTANT "19getMinimalActionSetEv"},
    {offsetof(Functions, legal_actions), LUDUS_CONSTANT "17getLegalActionSetEv"},
    {offsetof(Functions, modes), LUDUS_CONSTANT "17getAvailableModesEv"},
    {offsetof(Functions, difficulties), LUDUS_CONSTANT "24getAvailableDifficultiesEv"},
    {offsetof(Functions, make_state), "_ZN3ale8ALEStateC1Ev"},
    {offsetof(Functions, read_state), "_ZN3ale8ALEStateC1E" LUDUS_TEXT},
    {offsetof(Functions, write_state), "_ZN3ale8ALEState9serializeB5cxx11Ev"},
    {offsetof(Functions, restore), LUDUS_MACHINE "12restoreStateERKNS_8ALEStateE"},
};

const size_t symbol_count = sizeof(symbols) / sizeof(symbols[0]);
const char *const clone_state_name = LUDUS_MACHINE "10cloneStateEb";

}  // namespace ludus::arcade
