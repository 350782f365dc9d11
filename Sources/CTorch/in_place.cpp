// Operations that write into their first argument. None of them records a graph.
#include "shim.hpp"

#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/core/grad_mode.h>

using namespace shim;

namespace {

template <class Function> int32_t write(CTError *error, Function &&function) noexcept {
    return guard_status(error, [&] {
        at::NoGradGuard no_grad;
        function();
    });
}

} // namespace

int32_t ct_set_copy(CTTensor x, CTTensor source, CTError *error) {
    return write(error, [&] { M(x).copy_(T(source)); });
}

int32_t ct_set_add(CTTensor x, CTTensor y, CTScalar scale, CTError *error) {
    return write(error, [&] { M(x).add_(T(y), S(scale)); });
}

int32_t ct_set_mul(CTTensor x, CTTensor y, CTError *error) {
    return write(error, [&] { M(x).mul_(T(y)); });
}

int32_t ct_set_mul_scalar(CTTensor x, CTScalar value, CTError *error) {
    return write(error, [&] { M(x).mul_(S(value)); });
}

int32_t ct_set_add_scalar(CTTensor x, CTScalar value, CTError *error) {
    return write(error, [&] { M(x).add_(S(value)); });
}

int32_t ct_set_fill(CTTensor x, CTScalar value, CTError *error) {
    return write(error, [&] { M(x).fill_(S(value)); });
}

int32_t ct_set_lerp(CTTensor x, CTTensor y, double weight, CTError *error) {
    return write(error, [&] { M(x).lerp_(T(y), weight); });
}

int32_t ct_set_addcmul(CTTensor x, CTTensor a, CTTensor b, double value, CTError *error) {
    return write(error, [&] { M(x).addcmul_(T(a), T(b), value); });
}

int32_t ct_set_addcdiv(CTTensor x, CTTensor a, CTTensor b, double value, CTError *error) {
    return write(error, [&] { M(x).addcdiv_(T(a), T(b), value); });
}

int32_t ct_set_masked_fill(CTTensor x, CTTensor mask, CTScalar value, CTError *error) {
    return write(error, [&] { M(x).masked_fill_(T(mask), S(value)); });
}

int32_t ct_set_index_copy(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error) {
    return write(error, [&] { M(x).index_copy_(dim, T(index), T(source)); });
}

int32_t ct_set_index_add(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error) {
    return write(error, [&] { M(x).index_add_(dim, T(index), T(source)); });
}

int32_t ct_set_slice(CTTensor x, intptr_t dim, intptr_t start, CTTensor source, CTError *error) {
    return write(error, [&] { T(x).narrow(dim, int64_t(start), T(source).size(dim)).copy_(T(source)); });
}

int32_t ct_fused_adam(const CTTensor *parameters, const CTTensor *gradients, const CTTensor *first,
                      const CTTensor *second, const CTTensor *largest, const CTTensor *steps, intptr_t count,
                      CTAdam options, CTError *error) {
    return write(error, [&] {
        auto maxima = list(largest, options.amsgrad ? count : 0);
        if (options.decoupled) {
            at::_fused_adamw_(list(parameters, count), list(gradients, count), list(first, count), list(second, count),
                              maxima, list(steps, count), options.learning_rate, options.beta1, options.beta2,
                              options.weight_decay, options.epsilon, options.amsgrad, options.maximize);
        } else {
            at::_fused_adam_(list(parameters, count), list(gradients, count), list(first, count), list(second, count),
                             maxima, list(steps, count), options.learning_rate, options.beta1, options.beta2,
                             options.weight_decay, options.epsilon, options.amsgrad, options.maximize);
        }
    });
}

int32_t ct_foreach_add(const CTTensor *x, const CTTensor *y, intptr_t count, double scale, CTError *error) {
    return write(error, [&] { at::_foreach_add_(list(x, count), list(y, count), scale); });
}

int32_t ct_foreach_mul(const CTTensor *x, intptr_t count, double value, CTError *error) {
    return write(error, [&] { at::_foreach_mul_(list(x, count), at::Scalar(value)); });
}

int32_t ct_foreach_mul_tensor(const CTTensor *x, intptr_t count, CTTensor value, CTError *error) {
    return write(error, [&] { at::_foreach_mul_(list(x, count), T(value)); });
}

int32_t ct_foreach_lerp(const CTTensor *x, const CTTensor *y, intptr_t count, double weight, CTError *error) {
    return write(error, [&] { at::_foreach_lerp_(list(x, count), list(y, count), at::Scalar(weight)); });
}

int32_t ct_foreach_norm(const CTTensor *x, intptr_t count, double order, CTTensor *out, CTError *error) {
    return guard_status(error, [&] {
        auto norms = at::_foreach_norm(list(x, count), order);
        for (size_t i = 0; i < norms.size(); i++) out[i] = give(std::move(norms[i]));
    });
}
