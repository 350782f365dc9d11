// Lifetime, facts about a tensor, conversion, reading out, threads.
#include "shim.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/_to_copy.h>
#include <ATen/ops/alias.h>
#include <ATen/ops/clone.h>
#include <ATen/ops/detach.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <climits>
#include <dlfcn.h>
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
#include <string>

using namespace shim;

namespace shim {

void set_error(CTError *error, const char *text) noexcept {
    if (error->text == nullptr) error->text = strdup(text);
}

void catch_error(CTError *error) noexcept {
    try {
        throw;
    } catch (const c10::Error &failure) {
        set_error(error, failure.what_without_backtrace());
    } catch (const std::exception &failure) {
        set_error(error, failure.what());
    } catch (...) {
        set_error(error, "a C++ exception that is no std::exception");
    }
}

} // namespace shim

// One thread inside an operation, until the program asks for more: small networks lose by more.
static const bool single_threaded = [] {
    at::set_num_threads(1);
    return true;
}();

const char *ct_version(void) { return TORCH_VERSION; }

void ct_error_free(CTError *error) {
    std::free(error->text);
    error->text = nullptr;
}

void ct_release(CTTensor x) { M(x).~Tensor(); }

int8_t ct_dtype(CTTensor x) { return static_cast<int8_t>(T(x).scalar_type()); }

void ct_device(CTTensor x, int8_t *type, int8_t *index) {
    auto device = T(x).device();
    *type = static_cast<int8_t>(device.type());
    *index = device.index();
}

intptr_t ct_rank(CTTensor x) { return T(x).dim(); }

intptr_t ct_size(CTTensor x, intptr_t dim) { return T(x).sizes()[static_cast<size_t>(dim)]; }

void ct_sizes(CTTensor x, intptr_t *out) {
    auto sizes = T(x).sizes();
    for (size_t i = 0; i < sizes.size(); i++) out[i] = sizes[i];
}

intptr_t ct_element_count(CTTensor x) { return T(x).numel(); }

bool ct_is_contiguous(CTTensor x) {
    try {
        return T(x).is_contiguous();
    } catch (...) {
        return false;
    }
}

void *ct_data(CTTensor x) {
    try {
        return T(x).data_ptr();
    } catch (...) {
        return nullptr;
    }
}

CTTensor ct_to(CTTensor x, CTOptions options, CTError *error) {
    return guard(error, [&] { return T(x).to(O(options), false, false); });
}

CTTensor ct_clone(CTTensor x, CTError *error) {
    return guard(error, [&] { return at::clone(T(x)); });
}

CTTensor ct_contiguous(CTTensor x, CTError *error) {
    return guard(error, [&] { return T(x).contiguous(); });
}

SHIM_UNARY(detach)
SHIM_UNARY(alias)

CTTensor ct_empty(const intptr_t *sizes, intptr_t rank, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::empty(ints(sizes, rank), O(options)); });
}

int32_t ct_item(CTTensor x, CTScalar *out, CTError *error) {
    return guard_status(error, [&] {
        auto value = T(x).item();
        out->is_integer = !value.isFloatingPoint();
        if (out->is_integer) {
            out->integer = value.toLong();
            out->real = static_cast<double>(out->integer);
        } else {
            out->real = value.toDouble();
            out->integer = 0;
        }
    });
}

int32_t ct_copy_to_host(CTTensor x, int8_t dtype, void *out, size_t byte_count, CTError *error) {
    return guard_status(error, [&] {
        auto options = at::TensorOptions().device(at::kCPU).dtype(static_cast<at::ScalarType>(dtype));
        auto host = T(x).detach().to(options, false, false).contiguous();
        TORCH_CHECK(host.nbytes() == byte_count, "room for ", byte_count, " bytes, but the elements take ", host.nbytes());
        if (byte_count > 0) std::memcpy(out, host.const_data_ptr(), byte_count);
    });
}

void ct_set_thread_count(intptr_t count) { at::set_num_threads(static_cast<int>(count)); }

intptr_t ct_thread_count(void) { return at::get_num_threads(); }

void ct_keep_freed_memory(size_t byte_count) {
#if defined(__GLIBC__)
    // The greatest size that glibc takes from its heap on demand is half of a thread's heap; 128 KiB is where it starts.
    mallopt(M_MMAP_THRESHOLD, byte_count == 0 ? 128 << 10 : 32 << 20);
    mallopt(M_TRIM_THRESHOLD, static_cast<int>(std::min<size_t>(byte_count, INT_MAX)));
    if (byte_count == 0) malloc_trim(0);
#else
    (void)byte_count;
#endif
}

int32_t ct_open_cuda(CTError *error) {
    return guard_status(error, [&] {
        if (at::hasCUDA()) return;
        std::string path = "libtorch_cuda.so";
        Dl_info place;
        if (dladdr(reinterpret_cast<const void *>(&at::get_num_threads), &place) != 0 && place.dli_fname != nullptr) {
            std::string file = place.dli_fname;
            auto slash = file.rfind('/');
            if (slash != std::string::npos) path = file.substr(0, slash + 1) + path;
        }
        if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr)
            TORCH_CHECK(dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr, dlerror());
        TORCH_CHECK(at::hasCUDA(), "libtorch_cuda.so was opened, but it reports no CUDA support");
    });
}

bool ct_has_cuda(void) {
    try {
        return at::hasCUDA();
    } catch (...) {
        return false;
    }
}
