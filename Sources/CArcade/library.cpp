#include "library.hpp"

#include <dlfcn.h>

#include <cstring>
#include <memory>

using namespace ludus::arcade;

namespace {

/// How objects of the module are built is known for this version only.
const std::string known_version = "0.12.1";

void *open_library(const char *path, int flags) {
    // The module looks for its companions beside itself, so links are followed first.
    void *handle = dlopen(std::filesystem::canonical(path).c_str(), flags);
    if (handle == nullptr) throw Failure(dlerror());
    return handle;
}

void find_functions(void *handle, ludus_arcade_library &library) {
    std::string missing;
    auto find = [&](const char *name) {
        void *address = dlsym(handle, name);
        if (address == nullptr) missing += (missing.empty() ? "" : ", ") + std::string(name);
        return address;
    };
    for (size_t index = 0; index < symbol_count; ++index) {
        void *address = find(symbols[index].name);
        std::memcpy(reinterpret_cast<char *>(&library.functions) + symbols[index].offset, &address, sizeof address);
    }
    void *clone = find(clone_state_name);
    std::memcpy(&library.clone_state, &clone, sizeof clone);
    if (!missing.empty()) throw Failure("the module lacks functions of ale-py 0.12.1: " + missing);
}

/// An empty text points at its own buffer, 16 bytes behind its start: that is how it is found in an empty state.
size_t find_text(const Functions &functions) {
    Block block;
    functions.make_state(block.bytes);
    size_t found = 0;
    int count = 0;
    for (size_t offset = 0; offset + sizeof(std::string) <= sizeof block.bytes; offset += sizeof(void *)) {
        const void *pointer = nullptr;
        std::memcpy(&pointer, block.bytes + offset, sizeof pointer);
        if (pointer == block.bytes + offset + 16) {
            found = offset;
            ++count;
        }
    }
    if (count != 1) throw Failure("the module's states aren't built as in ale-py 0.12.1");
    return found;
}

std::string version_in(const std::string &welcome) {
    const std::string mark = "(version ";
    const size_t start = welcome.find(mark);
    if (start == std::string::npos) return "";
    const size_t end = welcome.find(')', start);
    return welcome.substr(start + mark.size(), end - start - mark.size());
}

}  // namespace

ludus_arcade_library *ludus_arcade_open(const char *module, const char *stub, char *message, size_t capacity) {
    ludus_arcade_library *result = nullptr;
    guarded(message, capacity, [&] {
        auto library = std::make_unique<ludus_arcade_library>();
        // In a program that has Python its names come first, and the stub's are never found.
        open_library(stub, RTLD_NOW | RTLD_GLOBAL);
        find_functions(open_library(module, RTLD_LAZY | RTLD_LOCAL), *library);
        // 2: errors only.
        library->functions.set_log_level(2);
        library->version = version_in(library->functions.welcome());
        if (library->version.rfind(known_version, 0) != 0) {
            throw Failure("the module's version is " + library->version + ", but " + known_version + " is needed");
        }
        library->text_offset = find_text(library->functions);
        result = library.release();
    });
    return result;
}

const char *ludus_arcade_version(const ludus_arcade_library *library) { return library->version.c_str(); }
