// Operations on each element.
#include "shim.hpp"

#include <ATen/ops/abs.h>
#include <ATen/ops/acos.h>
#include <ATen/ops/add.h>
#include <ATen/ops/addcdiv.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/asin.h>
#include <ATen/ops/atan.h>
#include <ATen/ops/atan2.h>
#include <ATen/ops/bitwise_and.h>
#include <ATen/ops/bitwise_not.h>
#include <ATen/ops/bitwise_or.h>
#include <ATen/ops/bitwise_xor.h>
#include <ATen/ops/ceil.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/cosh.h>
#include <ATen/ops/digamma.h>
#include <ATen/ops/div.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/eq.h>
#include <ATen/ops/erf.h>
#include <ATen/ops/erfinv.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/expm1.h>
#include <ATen/ops/floor.h>
#include <ATen/ops/floor_divide.h>
#include <ATen/ops/fmod.h>
#include <ATen/ops/ge.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/isinf.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/le.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/lerp.h>
#include <ATen/ops/lgamma.h>
#include <ATen/ops/log.h>
#include <ATen/ops/log10.h>
#include <ATen/ops/log1p.h>
#include <ATen/ops/log2.h>
#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/logical_not.h>
#include <ATen/ops/logical_or.h>
#include <ATen/ops/logical_xor.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/masked_fill.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ne.h>
#include <ATen/ops/neg.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/reciprocal.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/remainder.h>
#include <ATen/ops/round.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/rsub.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sign.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/sinh.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/square.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/tan.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/trunc.h>
#include <ATen/ops/where.h>

using namespace shim;

CT_POINTWISE_UNARY(SHIM_UNARY)
CT_POINTWISE_BINARY(SHIM_BINARY)
CT_POINTWISE_SCALAR(SHIM_SCALAR)

SHIM_BINARY(floor_divide)
SHIM_SCALAR(floor_divide)
SHIM_SCALAR(rsub)

CTTensor ct_add(CTTensor x, CTTensor y, CTError *error) {
    return guard(error, [&] { return at::add(T(x), T(y)); });
}

CTTensor ct_sub(CTTensor x, CTTensor y, CTError *error) {
    return guard(error, [&] { return at::sub(T(x), T(y)); });
}

CTTensor ct_add_scalar(CTTensor x, CTScalar value, CTError *error) {
    return guard(error, [&] { return at::add(T(x), S(value)); });
}

CTTensor ct_sub_scalar(CTTensor x, CTScalar value, CTError *error) {
    return guard(error, [&] { return at::sub(T(x), S(value)); });
}

CTTensor ct_scalar_pow(CTTensor x, CTScalar value, CTError *error) {
    return guard(error, [&] { return at::pow(S(value), T(x)); });
}

CTTensor ct_add_scaled(CTTensor x, CTTensor y, CTScalar scale, CTError *error) {
    return guard(error, [&] { return at::add(T(x), T(y), S(scale)); });
}

CTTensor ct_lerp(CTTensor x, CTTensor y, CTTensor weight, CTError *error) {
    return guard(error, [&] { return at::lerp(T(x), T(y), T(weight)); });
}

CTTensor ct_lerp_scalar(CTTensor x, CTTensor y, double weight, CTError *error) {
    return guard(error, [&] { return at::lerp(T(x), T(y), weight); });
}

CTTensor ct_addcmul(CTTensor x, CTTensor a, CTTensor b, double value, CTError *error) {
    return guard(error, [&] { return at::addcmul(T(x), T(a), T(b), value); });
}

CTTensor ct_addcdiv(CTTensor x, CTTensor a, CTTensor b, double value, CTError *error) {
    return guard(error, [&] { return at::addcdiv(T(x), T(a), T(b), value); });
}

CTTensor ct_where(CTTensor condition, CTTensor x, CTTensor y, CTError *error) {
    return guard(error, [&] { return at::where(T(condition), T(x), T(y)); });
}

CTTensor ct_masked_fill(CTTensor x, CTTensor mask, CTScalar value, CTError *error) {
    return guard(error, [&] { return at::masked_fill(T(x), T(mask), S(value)); });
}

CTTensor ct_clamp(CTTensor x, bool has_low, CTScalar low, bool has_high, CTScalar high, CTError *error) {
    return guard(error, [&] {
        std::optional<at::Scalar> least, most;
        if (has_low) least = S(low);
        if (has_high) most = S(high);
        return at::clamp(T(x), least, most);
    });
}

CTTensor ct_gelu(CTTensor x, bool tanh_approximation, CTError *error) {
    return guard(error, [&] { return at::gelu(T(x), tanh_approximation ? "tanh" : "none"); });
}

CTTensor ct_softplus(CTTensor x, double beta, double threshold, CTError *error) {
    return guard(error, [&] { return at::softplus(T(x), beta, threshold); });
}

CTTensor ct_elu(CTTensor x, double alpha, CTError *error) {
    return guard(error, [&] { return at::elu(T(x), alpha); });
}

CTTensor ct_leaky_relu(CTTensor x, double slope, CTError *error) {
    return guard(error, [&] { return at::leaky_relu(T(x), slope); });
}
