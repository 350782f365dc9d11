// Selecting, gathering and scattering elements.
#include "shim.hpp"

#include <ATen/ops/embedding.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/index.h>
#include <ATen/ops/index_add.h>
#include <ATen/ops/index_copy.h>
#include <ATen/ops/index_put.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/masked_select.h>
#include <ATen/ops/nonzero.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/scatter.h>
#include <ATen/ops/scatter_add.h>
#include <ATen/ops/searchsorted.h>
#include <ATen/ops/select.h>
#include <ATen/ops/select_scatter.h>
#include <ATen/ops/slice.h>
#include <ATen/ops/slice_scatter.h>
#include <ATen/ops/take_along_dim.h>

#include <ATen/core/List.h>

using namespace shim;

namespace {

c10::List<std::optional<at::Tensor>> index_list(const CTTensor *indices, intptr_t count) {
    c10::List<std::optional<at::Tensor>> result;
    result.reserve(static_cast<size_t>(count));
    for (intptr_t i = 0; i < count; i++) result.push_back(maybe(indices[i]));
    return result;
}

} // namespace

CTTensor ct_select(CTTensor x, intptr_t dim, intptr_t index, CTError *error) {
    return guard(error, [&] { return at::select(T(x), int64_t(dim), index); });
}

CTTensor ct_slice(CTTensor x, intptr_t dim, intptr_t start, intptr_t end, intptr_t step, CTError *error) {
    return guard(error, [&] { return at::slice(T(x), dim, start, end, step); });
}

CTTensor ct_index_select(CTTensor x, intptr_t dim, CTTensor index, CTError *error) {
    return guard(error, [&] { return at::index_select(T(x), dim, T(index)); });
}

CTTensor ct_gather(CTTensor x, intptr_t dim, CTTensor index, CTError *error) {
    return guard(error, [&] { return at::gather(T(x), dim, T(index)); });
}

CTTensor ct_take_along(CTTensor x, CTTensor index, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::take_along_dim(T(x), T(index), dim); });
}

CTTensor ct_scatter(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error) {
    return guard(error, [&] { return at::scatter(T(x), dim, T(index), T(source)); });
}

CTTensor ct_scatter_scalar(CTTensor x, intptr_t dim, CTTensor index, CTScalar value, CTError *error) {
    return guard(error, [&] { return at::scatter(T(x), dim, T(index), S(value)); });
}

CTTensor ct_scatter_add(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error) {
    return guard(error, [&] { return at::scatter_add(T(x), dim, T(index), T(source)); });
}

CTTensor ct_index_add(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error) {
    return guard(error, [&] { return at::index_add(T(x), dim, T(index), T(source)); });
}

CTTensor ct_index_copy(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error) {
    return guard(error, [&] { return at::index_copy(T(x), dim, T(index), T(source)); });
}

CTTensor ct_select_scatter(CTTensor x, CTTensor source, intptr_t dim, intptr_t index, CTError *error) {
    return guard(error, [&] { return at::select_scatter(T(x), T(source), dim, index); });
}

CTTensor ct_slice_scatter(CTTensor x, CTTensor source, intptr_t dim, intptr_t start, intptr_t end, intptr_t step,
                          CTError *error) {
    return guard(error, [&] { return at::slice_scatter(T(x), T(source), dim, start, end, step); });
}

SHIM_BINARY(masked_select)

CTTensor ct_index(CTTensor x, const CTTensor *indices, intptr_t count, CTError *error) {
    return guard(error, [&] { return at::index(T(x), index_list(indices, count)); });
}

CTTensor ct_index_put(CTTensor x, const CTTensor *indices, intptr_t count, CTTensor values, bool accumulate,
                      CTError *error) {
    return guard(error, [&] { return at::index_put(T(x), index_list(indices, count), T(values), accumulate); });
}

SHIM_UNARY(nonzero)

CTTensor ct_one_hot(CTTensor x, intptr_t classes, CTError *error) {
    return guard(error, [&] { return at::one_hot(T(x), classes); });
}

CTTensor ct_searchsorted(CTTensor sorted, CTTensor values, bool right, CTError *error) {
    return guard(error, [&] { return at::searchsorted(T(sorted), T(values), false, right); });
}

CTTensor ct_embedding(CTTensor weight, CTTensor indices, intptr_t padding_index, CTError *error) {
    return guard(error, [&] { return at::embedding(T(weight), T(indices), padding_index); });
}
