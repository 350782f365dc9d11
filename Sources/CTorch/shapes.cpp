// Operations that change a shape or the order of elements.
#include "shim.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/diag_embed.h>
#include <ATen/ops/diagonal.h>
#include <ATen/ops/expand_copy.h>
#include <ATen/ops/flatten.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/movedim.h>
#include <ATen/ops/permute.h>
#include <ATen/ops/repeat_interleave.h>
#include <ATen/ops/reshape.h>
#include <ATen/ops/roll.h>
#include <ATen/ops/squeeze.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/transpose.h>
#include <ATen/ops/tril.h>
#include <ATen/ops/triu.h>
#include <ATen/ops/unflatten.h>
#include <ATen/ops/unfold_copy.h>
#include <ATen/ops/unsqueeze.h>

using namespace shim;

CTTensor ct_reshape(CTTensor x, const intptr_t *sizes, intptr_t rank, CTError *error) {
    return guard(error, [&] { return at::reshape(T(x), ints(sizes, rank)); });
}

CTTensor ct_expand(CTTensor x, const intptr_t *sizes, intptr_t rank, CTError *error) {
    return guard(error, [&] { return T(x).expand(ints(sizes, rank)); });
}

CTTensor ct_permute(CTTensor x, const intptr_t *d, intptr_t count, CTError *error) {
    return guard(error, [&] { return at::permute(T(x), ints(d, count)); });
}

CTTensor ct_transpose(CTTensor x, intptr_t a, intptr_t b, CTError *error) {
    return guard(error, [&] { return at::transpose(T(x), a, b); });
}

CTTensor ct_movedim(CTTensor x, intptr_t from, intptr_t to, CTError *error) {
    return guard(error, [&] { return at::movedim(T(x), int64_t(from), int64_t(to)); });
}

CTTensor ct_squeeze(CTTensor x, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::squeeze(T(x), int64_t(dim)); });
}

CTTensor ct_squeeze_all(CTTensor x, CTError *error) {
    return guard(error, [&] { return at::squeeze(T(x)); });
}

CTTensor ct_unsqueeze(CTTensor x, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::unsqueeze(T(x), dim); });
}

CTTensor ct_flatten(CTTensor x, intptr_t start, intptr_t end, CTError *error) {
    return guard(error, [&] { return at::flatten(T(x), start, end); });
}

CTTensor ct_unflatten(CTTensor x, intptr_t dim, const intptr_t *sizes, intptr_t rank, CTError *error) {
    return guard(error, [&] { return at::unflatten(T(x), dim, ints(sizes, rank)); });
}

CTTensor ct_repeat(CTTensor x, const intptr_t *counts, intptr_t count, CTError *error) {
    return guard(error, [&] { return T(x).repeat(ints(counts, count)); });
}

CTTensor ct_repeat_interleave(CTTensor x, intptr_t repeats, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::repeat_interleave(T(x), int64_t(repeats), dim); });
}

CTTensor ct_flip(CTTensor x, const intptr_t *d, intptr_t count, CTError *error) {
    return guard(error, [&] { return at::flip(T(x), ints(d, count)); });
}

CTTensor ct_roll(CTTensor x, intptr_t shift, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::roll(T(x), ints(&shift, 1), ints(&dim, 1)); });
}

CTTensor ct_diagonal(CTTensor x, intptr_t offset, intptr_t a, intptr_t b, CTError *error) {
    return guard(error, [&] { return at::diagonal(T(x), offset, a, b); });
}

CTTensor ct_diag_embed(CTTensor x, intptr_t offset, CTError *error) {
    return guard(error, [&] { return at::diag_embed(T(x), offset); });
}

CTTensor ct_tril(CTTensor x, intptr_t diagonal, CTError *error) {
    return guard(error, [&] { return at::tril(T(x), diagonal); });
}

CTTensor ct_triu(CTTensor x, intptr_t diagonal, CTError *error) {
    return guard(error, [&] { return at::triu(T(x), diagonal); });
}

CTTensor ct_unfold(CTTensor x, intptr_t dim, intptr_t size, intptr_t step, CTError *error) {
    return guard(error, [&] { return T(x).unfold(dim, size, step); });
}

CTTensor ct_pad(CTTensor x, const intptr_t *amounts, intptr_t count, CTScalar value, CTError *error) {
    return guard(error, [&] { return at::constant_pad_nd(T(x), ints(amounts, count), S(value)); });
}

CTTensor ct_cat(const CTTensor *tensors, intptr_t count, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::cat(list(tensors, count), dim); });
}

CTTensor ct_stack(const CTTensor *tensors, intptr_t count, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::stack(list(tensors, count), dim); });
}

CTTensor ct_sum_to_size(CTTensor x, const intptr_t *sizes, intptr_t rank, CTError *error) {
    return guard(error, [&] { return T(x).sum_to_size(ints(sizes, rank)); });
}
