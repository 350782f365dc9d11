// Operations on each element.
#pragma once
#include "CTTypes.h"
CT_BEGIN

#define CT_POINTWISE_UNARY(X) \
    X(neg) X(abs) X(sign) X(exp) X(expm1) X(log) X(log1p) X(log2) X(log10) X(sqrt) X(rsqrt) X(square) X(reciprocal) \
    X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(sigmoid) X(log_sigmoid) X(relu) X(silu) \
    X(erf) X(erfinv) X(lgamma) X(digamma) X(floor) X(ceil) X(round) X(trunc) \
    X(isnan) X(isinf) X(isfinite) X(logical_not) X(bitwise_not)
#define CT_POINTWISE_BINARY(X) \
    X(mul) X(div) X(pow) X(maximum) X(minimum) X(atan2) X(fmod) X(remainder) \
    X(eq) X(ne) X(lt) X(le) X(gt) X(ge) X(logical_and) X(logical_or) X(logical_xor) \
    X(bitwise_and) X(bitwise_or) X(bitwise_xor)
#define CT_POINTWISE_SCALAR(X) \
    X(mul) X(div) X(pow) X(remainder) X(eq) X(ne) X(lt) X(le) X(gt) X(ge)

CT_POINTWISE_UNARY(CT_UNARY)
CT_POINTWISE_BINARY(CT_BINARY)
#define CT_SCALAR_NAMED(name) CT_SCALAR(name##_scalar)
CT_POINTWISE_SCALAR(CT_SCALAR_NAMED)

CT_BINARY(add)
CT_BINARY(sub)
CT_BINARY(floor_divide)
CT_SCALAR(add_scalar)
CT_SCALAR(sub_scalar)
/// value - x
CT_SCALAR(rsub_scalar)
/// value ^ x
CT_SCALAR(scalar_pow)
CT_SCALAR(floor_divide_scalar)
/// x + scale * y
CT_RESULT ct_add_scaled(CTTensor x, CTTensor y, CTScalar scale, CTError *error);
CT_RESULT ct_lerp(CTTensor x, CTTensor y, CTTensor weight, CTError *error);
CT_RESULT ct_lerp_scalar(CTTensor x, CTTensor y, double weight, CTError *error);
CT_RESULT ct_addcmul(CTTensor x, CTTensor a, CTTensor b, double value, CTError *error);
CT_RESULT ct_addcdiv(CTTensor x, CTTensor a, CTTensor b, double value, CTError *error);
CT_RESULT ct_where(CTTensor condition, CTTensor x, CTTensor y, CTError *error);
CT_RESULT ct_masked_fill(CTTensor x, CTTensor mask, CTScalar value, CTError *error);
CT_RESULT ct_clamp(CTTensor x, bool has_low, CTScalar low, bool has_high, CTScalar high, CTError *error);
CT_RESULT ct_gelu(CTTensor x, bool tanh_approximation, CTError *error);
CT_RESULT ct_softplus(CTTensor x, double beta, double threshold, CTError *error);
CT_RESULT ct_elu(CTTensor x, double alpha, CTError *error);
CT_RESULT ct_leaky_relu(CTTensor x, double slope, CTError *error);

CT_END
