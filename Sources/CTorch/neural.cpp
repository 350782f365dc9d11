// Layers and losses.
#include "shim.hpp"

#include <cmath>

#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/conv1d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/huber_loss.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/nll_loss_nd.h>
#include <ATen/ops/rms_norm.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>

using namespace shim;

CTTensor ct_linear(CTTensor x, CTTensor weight, CTTensor bias, CTError *error) {
    return guard(error, [&] { return at::linear(T(x), T(weight), maybe(bias)); });
}

CTTensor ct_softmax(CTTensor x, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::softmax(T(x), int64_t(dim)); });
}

CTTensor ct_log_softmax(CTTensor x, intptr_t dim, CTError *error) {
    return guard(error, [&] { return at::log_softmax(T(x), int64_t(dim)); });
}

CTTensor ct_layer_norm(CTTensor x, intptr_t d, CTTensor weight, CTTensor bias, double epsilon, CTError *error) {
    return guard(error, [&] {
        TORCH_CHECK(d >= 1 && d <= T(x).dim(), "cannot normalise over the last ", d, " of ", T(x).dim(), " dimensions");
        auto shape = T(x).sizes().slice(static_cast<size_t>(T(x).dim() - d));
        return at::layer_norm(T(x), shape, maybe(weight), maybe(bias), epsilon);
    });
}

CTTensor ct_rms_norm(CTTensor x, CTTensor weight, double epsilon, CTError *error) {
    return guard(error, [&] {
        TORCH_CHECK(T(x).dim() >= 1, "cannot normalise over the last dimension of a scalar");
        return at::rms_norm(T(x), T(x).sizes().slice(static_cast<size_t>(T(x).dim() - 1)), maybe(weight), epsilon);
    });
}

CTTensor ct_group_norm(CTTensor x, intptr_t groups, CTTensor weight, CTTensor bias, double epsilon, CTError *error) {
    return guard(error, [&] { return at::group_norm(T(x), groups, maybe(weight), maybe(bias), epsilon); });
}

CTTensor ct_attention(CTTensor query, CTTensor key, CTTensor value, CTTensor mask, bool causal, double scale,
                      bool grouped, CTError *error) {
    return guard(error, [&] {
        auto factor = std::isnan(scale) ? std::optional<double>() : scale;
        return at::scaled_dot_product_attention(T(query), T(key), T(value), maybe(mask), 0.0, causal, factor, grouped);
    });
}

CTTensor ct_cross_entropy(CTTensor logits, CTTensor target, CTTensor weight, intptr_t reduction, intptr_t ignored,
                          double smoothing, CTError *error) {
    return guard(error, [&] {
        return at::cross_entropy_loss(T(logits), T(target), maybe(weight), reduction, ignored, smoothing);
    });
}

CTTensor ct_nll(CTTensor log_probabilities, CTTensor target, CTTensor weight, intptr_t reduction, intptr_t ignored,
                CTError *error) {
    return guard(error, [&] {
        return at::nll_loss_nd(T(log_probabilities), T(target), maybe(weight), reduction, ignored);
    });
}

CTTensor ct_bce_with_logits(CTTensor logits, CTTensor target, intptr_t reduction, CTError *error) {
    return guard(error, [&] {
        return at::binary_cross_entropy_with_logits(T(logits), T(target), {}, {}, reduction);
    });
}

CTTensor ct_mse(CTTensor x, CTTensor target, intptr_t reduction, CTError *error) {
    return guard(error, [&] { return at::mse_loss(T(x), T(target), reduction); });
}

CTTensor ct_huber(CTTensor x, CTTensor target, intptr_t reduction, double delta, CTError *error) {
    return guard(error, [&] { return at::huber_loss(T(x), T(target), reduction, delta); });
}

CTTensor ct_conv(CTTensor x, CTTensor weight, CTTensor bias, intptr_t spatial, const intptr_t *stride,
                 const intptr_t *padding, const intptr_t *dilation, intptr_t groups, CTError *error) {
    return guard(error, [&] {
        auto strides = ints(stride, spatial), paddings = ints(padding, spatial), dilations = ints(dilation, spatial);
        if (spatial == 1) return at::conv1d(T(x), T(weight), maybe(bias), strides, paddings, dilations, groups);
        return at::conv2d(T(x), T(weight), maybe(bias), strides, paddings, dilations, groups);
    });
}

CTTensor ct_max_pool2d(CTTensor x, const intptr_t *kernel, const intptr_t *stride, const intptr_t *padding,
                       CTError *error) {
    return guard(error, [&] { return at::max_pool2d(T(x), ints(kernel, 2), ints(stride, 2), ints(padding, 2)); });
}

CTTensor ct_avg_pool2d(CTTensor x, const intptr_t *kernel, const intptr_t *stride, const intptr_t *padding,
                       CTError *error) {
    return guard(error, [&] { return at::avg_pool2d(T(x), ints(kernel, 2), ints(stride, 2), ints(padding, 2)); });
}
