// What every file of the shim shares: borrowing and giving references, turning exceptions into messages.
#pragma once
#include "CTorch.h"

#include <torch/version.h>
#if TORCH_VERSION_MAJOR != 2 || TORCH_VERSION_MINOR != 13
#error "Ludus needs libtorch 2.13: run Scripts/bootstrap, or point LUDUS_LIBTORCH at a 2.13 build"
#endif

#include <ATen/core/Tensor.h>
#include <c10/core/Scalar.h>
#include <c10/core/TensorOptions.h>
#include <c10/util/Exception.h>

#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

static_assert(sizeof(at::Tensor) == sizeof(void *), "a handle is one intrusive reference");
static_assert(sizeof(intptr_t) == sizeof(int64_t), "sizes cross the boundary without conversion");

namespace shim {

/// Borrows the tensor behind a handle for the length of a call.
inline const at::Tensor &T(const CTTensor &handle) noexcept { return *reinterpret_cast<const at::Tensor *>(&handle); }

/// The same, for operations that write into it.
inline at::Tensor &M(CTTensor &handle) noexcept { return *reinterpret_cast<at::Tensor *>(&handle); }

inline std::optional<at::Tensor> maybe(CTTensor handle) {
    if (handle == nullptr) return std::nullopt;
    return T(handle);
}

/// Hands one reference to the caller; an undefined tensor becomes null.
inline CTTensor give(at::Tensor tensor) noexcept {
    if (!tensor.defined()) return nullptr;
    return reinterpret_cast<CTTensor>(tensor.unsafeReleaseTensorImpl());
}

inline at::IntArrayRef ints(const intptr_t *values, intptr_t count) {
    return {reinterpret_cast<const int64_t *>(values), static_cast<size_t>(count)};
}

/// No dimensions given means all of them.
inline at::OptionalIntArrayRef dims(const intptr_t *values, intptr_t count) {
    if (values == nullptr || count == 0) return std::nullopt;
    return ints(values, count);
}

/// Borrows a list of handles as a list of tensors: both are arrays of one pointer.
inline at::TensorList list(const CTTensor *handles, intptr_t count) {
    return {reinterpret_cast<const at::Tensor *>(handles), static_cast<size_t>(count)};
}

inline at::Scalar S(const CTScalar &value) {
    return value.is_integer ? at::Scalar(static_cast<int64_t>(value.integer)) : at::Scalar(value.real);
}

inline at::TensorOptions O(const CTOptions &options) {
    auto result = at::TensorOptions().device(
        c10::Device(static_cast<c10::DeviceType>(options.device_type), options.device_index));
    return options.dtype < 0 ? result : result.dtype(static_cast<at::ScalarType>(options.dtype));
}

/// Keeps the sentence of an exception; without memory for it, an empty one.
void set_error(CTError *error, const char *text) noexcept;
/// Sorts the exception that is being handled, and keeps its sentence.
void catch_error(CTError *error) noexcept;

template <class Function> CTTensor guard(CTError *error, Function &&function) noexcept {
    try {
        CTTensor result = give(function());
        if (result == nullptr) set_error(error, "the operation returned an undefined tensor");
        return result;
    } catch (...) {
        catch_error(error);
        return nullptr;
    }
}

template <class Function> int32_t guard_status(CTError *error, Function &&function) noexcept {
    try {
        function();
        return 0;
    } catch (...) {
        catch_error(error);
        return 1;
    }
}

} // namespace shim

#define SHIM_UNARY(name) \
    CTTensor ct_##name(CTTensor x, CTError *error) { \
        return shim::guard(error, [&] { return at::name(shim::T(x)); }); \
    }
#define SHIM_BINARY(name) \
    CTTensor ct_##name(CTTensor x, CTTensor y, CTError *error) { \
        return shim::guard(error, [&] { return at::name(shim::T(x), shim::T(y)); }); \
    }
#define SHIM_SCALAR(name) \
    CTTensor ct_##name##_scalar(CTTensor x, CTScalar value, CTError *error) { \
        return shim::guard(error, [&] { return at::name(shim::T(x), shim::S(value)); }); \
    }
