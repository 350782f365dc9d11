// Reductions, scans, order.
#include "shim.hpp"

#include <ATen/ops/_unique2.h>
#include <ATen/ops/all.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/amin.h>
#include <ATen/ops/any.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/argmin.h>
#include <ATen/ops/bincount.h>
#include <ATen/ops/count_nonzero.h>
#include <ATen/ops/cummax.h>
#include <ATen/ops/cumprod.h>
#include <ATen/ops/cumsum.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/logcumsumexp.h>
#include <ATen/ops/logsumexp.h>
#include <ATen/ops/max.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/min.h>
#include <ATen/ops/prod.h>
#include <ATen/ops/quantile.h>
#include <ATen/ops/sort.h>
#include <ATen/ops/std.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/topk.h>
#include <ATen/ops/var.h>

#include <numeric>

using namespace shim;

namespace {

/// Writes the outputs of an operation with several results.
template <class... Tensors> void give_all(CTTensor *out, std::tuple<Tensors...> results) {
    std::apply([&](auto &...each) { size_t i = 0; ((out[i++] = give(std::move(each))), ...); }, results);
}

std::vector<int64_t> every_dimension(const at::Tensor &x) {
    std::vector<int64_t> all(static_cast<size_t>(x.dim()));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

} // namespace

#define SHIM_REDUCTION(name, whole) \
    CTTensor ct_##name(CTTensor x, const intptr_t *d, intptr_t count, bool keep, CTError *error) { \
        return guard(error, [&] { return (d == nullptr || count == 0) && !keep ? whole : at::name(T(x), dims(d, count), keep); }); \
    }

SHIM_REDUCTION(sum, at::sum(T(x)))
SHIM_REDUCTION(mean, at::mean(T(x)))
SHIM_REDUCTION(all, at::all(T(x)))
SHIM_REDUCTION(any, at::any(T(x)))

CTTensor ct_amax(CTTensor x, const intptr_t *d, intptr_t count, bool keep, CTError *error) {
    return guard(error, [&] { return at::amax(T(x), ints(d, count), keep); });
}

CTTensor ct_amin(CTTensor x, const intptr_t *d, intptr_t count, bool keep, CTError *error) {
    return guard(error, [&] { return at::amin(T(x), ints(d, count), keep); });
}

CTTensor ct_logsumexp(CTTensor x, const intptr_t *d, intptr_t count, bool keep, CTError *error) {
    return guard(error, [&] {
        if (count > 0) return at::logsumexp(T(x), ints(d, count), keep);
        return at::logsumexp(T(x), every_dimension(T(x)), keep);
    });
}

CTTensor ct_count_nonzero(CTTensor x, const intptr_t *d, intptr_t count, bool keep, CTError *error) {
    return guard(error, [&] { return at::sum(T(x).ne(0), dims(d, count), keep); });
}

CTTensor ct_prod(CTTensor x, bool all, intptr_t dim, bool keep, CTError *error) {
    return guard(error, [&] { return all ? at::prod(T(x)) : at::prod(T(x), dim, keep); });
}

CTTensor ct_var(CTTensor x, const intptr_t *d, intptr_t count, double correction, bool keep, CTError *error) {
    return guard(error, [&] { return at::var(T(x), dims(d, count), at::Scalar(correction), keep); });
}

CTTensor ct_std(CTTensor x, const intptr_t *d, intptr_t count, double correction, bool keep, CTError *error) {
    return guard(error, [&] { return at::std(T(x), dims(d, count), at::Scalar(correction), keep); });
}

CTTensor ct_norm(CTTensor x, double order, const intptr_t *d, intptr_t count, bool keep, CTError *error) {
    return guard(error, [&] { return at::linalg_vector_norm(T(x), order, dims(d, count), keep); });
}

CTTensor ct_argmax(CTTensor x, bool all, intptr_t dim, bool keep, CTError *error) {
    return guard(error, [&] { return at::argmax(T(x), all ? std::optional<int64_t>() : dim, keep); });
}

CTTensor ct_argmin(CTTensor x, bool all, intptr_t dim, bool keep, CTError *error) {
    return guard(error, [&] { return at::argmin(T(x), all ? std::optional<int64_t>() : dim, keep); });
}

CTTensor ct_cumsum(CTTensor x, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::cumsum(T(x), dim); });
}

CTTensor ct_cumprod(CTTensor x, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::cumprod(T(x), dim); });
}

CTTensor ct_logcumsumexp(CTTensor x, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::logcumsumexp(T(x), dim); });
}

CTTensor ct_quantile(CTTensor x, double q, bool all, intptr_t dim, bool keep, CTError *error) {
    return guard(error, [&] { return at::quantile(T(x), q, all ? std::optional<int64_t>() : dim, keep); });
}

CTTensor ct_bincount(CTTensor x, CTTensor weights, intptr_t minimum_length, CTError *error) {
    return guard(error, [&] { return at::bincount(T(x), maybe(weights), minimum_length); });
}

int32_t ct_topk(CTTensor x, intptr_t k, intptr_t dim, bool largest, bool sorted, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_all(out, at::topk(T(x), k, dim, largest, sorted)); });
}

int32_t ct_sort(CTTensor x, intptr_t dim, bool descending, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_all(out, at::sort(T(x), std::optional<bool>(true), dim, descending)); });
}

int32_t ct_max_along(CTTensor x, intptr_t dim, bool keep, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_all(out, at::max(T(x), dim, keep)); });
}

int32_t ct_min_along(CTTensor x, intptr_t dim, bool keep, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_all(out, at::min(T(x), dim, keep)); });
}

int32_t ct_cummax(CTTensor x, intptr_t dim, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_all(out, at::cummax(T(x), dim)); });
}

int32_t ct_unique(CTTensor x, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_all(out, at::_unique2(T(x), true, true, true)); });
}
