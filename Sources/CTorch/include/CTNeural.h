// Layers and losses. `reduction`: 0 none, 1 mean, 2 sum.
#pragma once
#include "CTTypes.h"
CT_BEGIN

CT_RESULT ct_linear(CTTensor x, CTTensor weight, CT_MAYBE bias, CTError *error);
CT_RESULT ct_softmax(CTTensor x, intptr_t dim, CTError *error);
CT_RESULT ct_log_softmax(CTTensor x, intptr_t dim, CTError *error);
CT_RESULT ct_layer_norm(CTTensor x, intptr_t dims, CT_MAYBE weight, CT_MAYBE bias, double epsilon, CTError *error);
CT_RESULT ct_rms_norm(CTTensor x, CT_MAYBE weight, double epsilon, CTError *error);
CT_RESULT ct_group_norm(CTTensor x, intptr_t groups, CT_MAYBE weight, CT_MAYBE bias, double epsilon, CTError *error);
/// A scale that is not a number means 1 / sqrt(head dimension).
CT_RESULT ct_attention(CTTensor query, CTTensor key, CTTensor value, CT_MAYBE mask, bool causal, double scale,
                       bool grouped, CTError *error);
CT_RESULT ct_cross_entropy(CTTensor logits, CTTensor target, CT_MAYBE weight, intptr_t reduction, intptr_t ignored,
                           double smoothing, CTError *error);
CT_RESULT ct_nll(CTTensor log_probabilities, CTTensor target, CT_MAYBE weight, intptr_t reduction, intptr_t ignored,
                 CTError *error);
CT_RESULT ct_bce_with_logits(CTTensor logits, CTTensor target, intptr_t reduction, CTError *error);
CT_RESULT ct_mse(CTTensor x, CTTensor target, intptr_t reduction, CTError *error);
CT_RESULT ct_huber(CTTensor x, CTTensor target, intptr_t reduction, double delta, CTError *error);
/// stride, padding, dilation: one number for each spatial dimension (1 or 2 of them).
CT_RESULT ct_conv(CTTensor x, CTTensor weight, CT_MAYBE bias, intptr_t spatial, const intptr_t *stride,
                  const intptr_t *padding, const intptr_t *dilation, intptr_t groups, CTError *error);
CT_RESULT ct_max_pool2d(CTTensor x, const intptr_t *kernel, const intptr_t *stride, const intptr_t *padding,
                        CTError *error);
CT_RESULT ct_avg_pool2d(CTTensor x, const intptr_t *kernel, const intptr_t *stride, const intptr_t *padding,
                        CTError *error);

CT_END
