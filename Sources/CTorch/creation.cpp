// New tensors: constants, sequences, copies and views of host memory.
#include "shim.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <memory>

using namespace shim;

CTTensor ct_zeros(const intptr_t *sizes, intptr_t rank, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::zeros(ints(sizes, rank), O(options)); });
}

CTTensor ct_ones(const intptr_t *sizes, intptr_t rank, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::ones(ints(sizes, rank), O(options)); });
}

CTTensor ct_full(const intptr_t *sizes, intptr_t rank, CTScalar value, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::full(ints(sizes, rank), S(value), O(options)); });
}

CTTensor ct_scalar(CTScalar value, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::scalar_tensor(S(value), O(options)); });
}

CTTensor ct_eye(intptr_t rows, intptr_t columns, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::eye(rows, columns, O(options)); });
}

CTTensor ct_arange(CTScalar start, CTScalar end, CTScalar step, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::arange(S(start), S(end), S(step), O(options)); });
}

CTTensor ct_linspace(double start, double end, intptr_t count, CTOptions options, CTError *error) {
    return guard(error, [&] { return at::linspace(start, end, count, O(options)); });
}

SHIM_UNARY(zeros_like)
SHIM_UNARY(ones_like)
SHIM_UNARY(empty_like)

CTTensor ct_full_like(CTTensor x, CTScalar value, CTError *error) {
    return guard(error, [&] { return at::full_like(T(x), S(value)); });
}

CTTensor ct_from_host(const void *data, const intptr_t *sizes, intptr_t rank, int8_t dtype, CTError *error) {
    return guard(error, [&] {
        auto result = at::empty(ints(sizes, rank), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
        if (result.nbytes() > 0) std::memcpy(result.mutable_data_ptr(), data, result.nbytes());
        return result;
    });
}

CTTensor ct_view_host(void *data, const intptr_t *sizes, intptr_t rank, int8_t dtype, void (*release)(void *),
                      void *context, CTError *error) {
    return guard(error, [&] {
        // Whatever copies of the deleter libtorch makes or drops, `release` runs once, with the last of them.
        auto owner = std::shared_ptr<void>(context, release);
        auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
        return at::for_blob(data, ints(sizes, rank)).deleter([owner](void *) {}).options(options).make_tensor();
    });
}
