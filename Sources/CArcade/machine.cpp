#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>

#include "library.hpp"

using namespace ludus::arcade;

namespace {

void find_parts(ludus_arcade_machine &machine) {
    const auto *screen = static_cast<const unsigned char *>(machine.functions.screen(machine.self()));
    machine.ram = static_cast<const unsigned char *>(machine.functions.ram(machine.self()));
    std::memcpy(&machine.height, screen, sizeof machine.height);
    std::memcpy(&machine.width, screen + sizeof machine.height, sizeof machine.width);
    std::memcpy(&machine.pixels, screen + 8, sizeof machine.pixels);
}

/// Games are loaded one at a time.
std::mutex loading;

void load(ludus_arcade_machine &machine, const char *rom, const ludus_arcade_options &options) {
    const std::lock_guard<std::mutex> guard(loading);
    const Functions &functions = machine.functions;
    // The emulator ends the program over a file that it doesn't know, so it is asked first.
    if (!functions.supported(rom)) throw Failure("the emulator doesn't know the game in this file");
    functions.set_integer(machine.self(), "random_seed", options.seed);
    functions.set_integer(machine.self(), "max_num_frames_per_episode", options.frame_limit);
    functions.set_float(machine.self(), "repeat_action_probability", 0);
    functions.load(machine.self(), rom);
    if (options.mode >= 0) functions.set_mode(machine.self(), static_cast<unsigned>(options.mode));
    if (options.difficulty >= 0) functions.set_difficulty(machine.self(), static_cast<unsigned>(options.difficulty));
    find_parts(machine);
}

int32_t copy(const Numbers &numbers, int32_t *out, int32_t capacity) {
    std::copy_n(numbers.begin(), std::min<size_t>(numbers.size(), static_cast<size_t>(capacity)), out);
    return static_cast<int32_t>(numbers.size());
}

/// A state of the module; gives back the memory that it owns.
struct State {
    explicit State(ludus_arcade_library &library) : library(library) {}
    ~State() {
        if (is_made) reinterpret_cast<std::string *>(block.bytes + library.text_offset)->~basic_string();
    }
    ludus_arcade_library &library;
    Block block;
    bool is_made = false;
};

}  // namespace

ludus_arcade_machine *ludus_arcade_create(ludus_arcade_library *library, char *message, size_t capacity) {
    ludus_arcade_machine *result = nullptr;
    guarded(message, capacity, [&] {
        auto machine = std::make_unique<ludus_arcade_machine>(*library);
        machine->functions.make(machine->self());
        result = machine.release();
    });
    return result;
}

void ludus_arcade_destroy(ludus_arcade_machine *machine) {
    char message[1];
    guarded(message, sizeof message, [&] { machine->functions.unmake(machine->self()); });
    delete machine;
}

int32_t ludus_arcade_load(ludus_arcade_machine *machine, const char *rom, ludus_arcade_options options, char *message,
                          size_t capacity) {
    return guarded(message, capacity, [&] { load(*machine, rom, options); }) ? 0 : -1;
}

void ludus_arcade_reset(ludus_arcade_machine *machine) { machine->functions.reset(machine->self()); }

int32_t ludus_arcade_act(ludus_arcade_machine *machine, int32_t action) {
    return machine->functions.act(machine->self(), action, 1);
}

bool ludus_arcade_is_over(const ludus_arcade_machine *machine) {
    return machine->functions.is_over(machine->self(), true);
}

int32_t ludus_arcade_lives(const ludus_arcade_machine *machine) {
    return machine->functions.lives(const_cast<ludus_arcade_machine *>(machine)->self());
}

int32_t ludus_arcade_episode_frames(const ludus_arcade_machine *machine) {
    return machine->functions.episode_frames(machine->self());
}

const uint8_t *ludus_arcade_ram(const ludus_arcade_machine *machine) { return machine->ram; }
uint8_t *ludus_arcade_screen(const ludus_arcade_machine *machine) { return machine->pixels; }
int32_t ludus_arcade_screen_height(const ludus_arcade_machine *machine) { return machine->height; }
int32_t ludus_arcade_screen_width(const ludus_arcade_machine *machine) { return machine->width; }

void ludus_arcade_palette(const ludus_arcade_machine *machine, uint8_t *gray, uint8_t *rgb) {
    constexpr size_t colours = 256;
    const size_t size = static_cast<size_t>(machine->height) * static_cast<size_t>(machine->width);
    const std::vector<unsigned char> before(machine->pixels, machine->pixels + size);
    std::vector<unsigned char> values;
    // The emulator takes the brightness of colour 255 from behind its table, where the black of the next table is.
    for (size_t index = 0; index < size; ++index) machine->pixels[index] = static_cast<unsigned char>(index % colours);
    machine->functions.screen_gray(machine->self(), values);
    std::copy_n(values.begin(), colours, gray);
    machine->functions.screen_colours(machine->self(), values);
    std::copy_n(values.begin(), 3 * colours, rgb);
    std::copy(before.begin(), before.end(), machine->pixels);
}

int32_t ludus_arcade_actions(const ludus_arcade_machine *machine, bool minimal, int32_t *actions, int32_t capacity) {
    const Functions &functions = machine->functions;
    return copy((minimal ? functions.minimal_actions : functions.legal_actions)(machine->self()), actions, capacity);
}

int32_t ludus_arcade_modes(const ludus_arcade_machine *machine, int32_t *modes, int32_t capacity) {
    return copy(machine->functions.modes(machine->self()), modes, capacity);
}

int32_t ludus_arcade_difficulties(const ludus_arcade_machine *machine, int32_t *difficulties, int32_t capacity) {
    return copy(machine->functions.difficulties(machine->self()), difficulties, capacity);
}

int64_t ludus_arcade_save(ludus_arcade_machine *machine, uint8_t *bytes, size_t capacity) {
    int64_t size = -1;
    char message[1];
    guarded(message, sizeof message, [&] {
        State state(machine->library);
        machine->library.clone_state(state.block.bytes, machine->self(), true);
        state.is_made = true;
        const std::string text = machine->functions.write_state(state.block.bytes);
        if (bytes != nullptr && text.size() <= capacity) std::memcpy(bytes, text.data(), text.size());
        size = static_cast<int64_t>(text.size());
    });
    return size;
}

int32_t ludus_arcade_restore(ludus_arcade_machine *machine, const uint8_t *bytes, size_t count, char *message,
                             size_t capacity) {
    const bool good = guarded(message, capacity, [&] {
        State state(machine->library);
        const std::string text(reinterpret_cast<const char *>(bytes), count);
        machine->functions.read_state(state.block.bytes, text);
        state.is_made = true;
        machine->functions.restore(machine->self(), state.block.bytes);
    });
    return good ? 0 : -1;
}
