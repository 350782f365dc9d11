// What is asked of the module: functions under the names that the compiler gave them.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ludus::arcade {

/// Memory for an object whose layout is the module's own business; zeroed, and far larger than needed.
struct alignas(64) Block {
    unsigned char bytes[4096] = {};
};

using Numbers = std::vector<int>;

/// Functions of the module. Members of its classes take the object as the first argument.
struct Functions {
    void (*set_log_level)(int);
    std::string (*welcome)();
    std::optional<std::string> (*supported)(const std::filesystem::path &);
    void (*make)(void *);
    void (*unmake)(void *);
    void (*set_integer)(void *, const std::string &, int);
    void (*set_float)(void *, const std::string &, float);
    void (*load)(void *, std::filesystem::path);
    void (*set_mode)(void *, unsigned);
    void (*set_difficulty)(void *, unsigned);
    void (*reset)(void *);
    int (*act)(void *, int, float);
    bool (*is_over)(const void *, bool);
    int (*lives)(void *);
    int (*episode_frames)(const void *);
    const void *(*ram)(const void *);
    const void *(*screen)(const void *);
    void (*screen_gray)(const void *, std::vector<unsigned char> &);
    void (*screen_colours)(const void *, std::vector<unsigned char> &);
    Numbers (*minimal_actions)(const void *);
    Numbers (*legal_actions)(const void *);
    Numbers (*modes)(const void *);
    Numbers (*difficulties)(const void *);
    void (*make_state)(void *);
    void (*read_state)(void *, const std::string &);
    std::string (*write_state)(void *);
    void (*restore)(void *, const void *);
};

/// The place of a function in `Functions`, and its name in the module.
struct Symbol {
    size_t offset;
    const char *name;
};

/// Returns an object with a destructor, so that it comes through a hidden pointer.
using CloneState = void (*)(void *result, void *machine, bool with_random_numbers);

extern const Symbol symbols[];
extern const size_t symbol_count;
extern const char *const clone_state_name;

}  // namespace ludus::arcade
