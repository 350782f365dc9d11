// The loaded module, one of its emulators, and how failures become sentences.
#pragma once
#include <cstdio>
#include <exception>
#include <string>

#include "CArcade.h"
#include "symbols.hpp"

struct ludus_arcade_library {
    ludus::arcade::Functions functions{};
    ludus::arcade::CloneState clone_state = nullptr;
    /// Where a state keeps the only member that owns memory, a text.
    size_t text_offset = 0;
    std::string version;
};

struct ludus_arcade_machine {
    explicit ludus_arcade_machine(ludus_arcade_library &library) : functions(library.functions), library(library) {}

    ludus::arcade::Block object;
    const ludus::arcade::Functions &functions;
    ludus_arcade_library &library;
    const unsigned char *ram = nullptr;
    unsigned char *pixels = nullptr;
    int32_t height = 0;
    int32_t width = 0;

    void *self() { return object.bytes; }
    const void *self() const { return object.bytes; }
};

namespace ludus::arcade {

inline void tell(char *message, size_t capacity, const std::string &text) {
    if (capacity > 0) std::snprintf(message, capacity, "%s", text.c_str());
}

/// Runs something that may throw; returns false and tells what happened if it does.
template <class Body>
bool guarded(char *message, size_t capacity, Body body) {
    try {
        body();
        return true;
    } catch (const std::exception &error) {
        tell(message, capacity, error.what());
    } catch (...) {
        tell(message, capacity, "the emulator failed without saying why");
    }
    return false;
}

/// A failure of this file's own.
struct Failure : std::exception {
    std::string text;
    explicit Failure(std::string text) : text(std::move(text)) {}
    const char *what() const noexcept override { return text.c_str(); }
};

}  // namespace ludus::arcade
