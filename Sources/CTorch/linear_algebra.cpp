// Products, decompositions, solvers.
#include "shim.hpp"

#include <ATen/ops/addmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/dot.h>
#include <ATen/ops/einsum.h>
#include <ATen/ops/linalg_cholesky.h>
#include <ATen/ops/linalg_det.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_inv.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/linalg_slogdet.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/outer.h>

using namespace shim;

namespace {

void give_pair(CTTensor *out, std::tuple<at::Tensor, at::Tensor> results) {
    out[0] = give(std::move(std::get<0>(results)));
    out[1] = give(std::move(std::get<1>(results)));
}

} // namespace

SHIM_BINARY(matmul)
SHIM_BINARY(bmm)
SHIM_BINARY(outer)
SHIM_BINARY(dot)

CTTensor ct_addmm(CTTensor bias, CTTensor a, CTTensor b, CTError *error) {
    return guard(error, [&] { return at::addmm(T(bias), T(a), T(b)); });
}

CTTensor ct_einsum(const char *equation, const CTTensor *tensors, intptr_t count, CTError *error) {
    return guard(error, [&] { return at::einsum(equation, list(tensors, count)); });
}

CTTensor ct_solve(CTTensor x, CTTensor y, CTError *error) {
    return guard(error, [&] { return at::linalg_solve(T(x), T(y)); });
}

CTTensor ct_inverse(CTTensor x, CTError *error) {
    return guard(error, [&] { return at::linalg_inv(T(x)); });
}

CTTensor ct_determinant(CTTensor x, CTError *error) {
    return guard(error, [&] { return at::linalg_det(T(x)); });
}

CTTensor ct_cholesky(CTTensor x, CTError *error) {
    return guard(error, [&] { return at::linalg_cholesky(T(x)); });
}

int32_t ct_slogdet(CTTensor x, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_pair(out, at::linalg_slogdet(T(x))); });
}

int32_t ct_qr(CTTensor x, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_pair(out, at::linalg_qr(T(x))); });
}

int32_t ct_svd(CTTensor x, CTTensor *out, CTError *error) {
    return guard_status(error, [&] {
        auto [left, values, right] = at::linalg_svd(T(x), false);
        out[0] = give(std::move(left));
        out[1] = give(std::move(values));
        out[2] = give(std::move(right));
    });
}

int32_t ct_eigh(CTTensor x, CTTensor *out, CTError *error) {
    return guard_status(error, [&] { give_pair(out, at::linalg_eigh(T(x))); });
}
