// Operations that write into their first argument. Only optimisers and caches use them.
#pragma once
#include "CTTypes.h"
CT_BEGIN

CT_STATUS ct_set_copy(CTTensor x, CTTensor source, CTError *error);
CT_STATUS ct_set_add(CTTensor x, CTTensor y, CTScalar scale, CTError *error);
CT_STATUS ct_set_mul(CTTensor x, CTTensor y, CTError *error);
CT_STATUS ct_set_mul_scalar(CTTensor x, CTScalar value, CTError *error);
CT_STATUS ct_set_add_scalar(CTTensor x, CTScalar value, CTError *error);
CT_STATUS ct_set_fill(CTTensor x, CTScalar value, CTError *error);
CT_STATUS ct_set_lerp(CTTensor x, CTTensor y, double weight, CTError *error);
CT_STATUS ct_set_addcmul(CTTensor x, CTTensor a, CTTensor b, double value, CTError *error);
CT_STATUS ct_set_addcdiv(CTTensor x, CTTensor a, CTTensor b, double value, CTError *error);
CT_STATUS ct_set_masked_fill(CTTensor x, CTTensor mask, CTScalar value, CTError *error);
CT_STATUS ct_set_index_copy(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error);
CT_STATUS ct_set_index_add(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error);
CT_STATUS ct_set_slice(CTTensor x, intptr_t dim, intptr_t start, CTTensor source, CTError *error);

/// Hyperparameters of one fused Adam or AdamW step.
typedef struct {
    double learning_rate;
    double beta1;
    double beta2;
    double weight_decay;
    double epsilon;
    bool decoupled;
    bool amsgrad;
    bool maximize;
} CTAdam;
/// Four (five with amsgrad) lists of `count` tensors and a list of scalar float step counts, all written in place.
CT_STATUS ct_fused_adam(const CTTensor _Nonnull *_Nullable parameters, const CTTensor _Nonnull *_Nullable gradients,
                        const CTTensor _Nonnull *_Nullable first, const CTTensor _Nonnull *_Nullable second,
                        const CTTensor _Nonnull *_Nullable largest, const CTTensor _Nonnull *_Nullable steps,
                        intptr_t count, CTAdam options, CTError *error);
CT_STATUS ct_foreach_add(const CTTensor _Nonnull *_Nullable x, const CTTensor _Nonnull *_Nullable y, intptr_t count,
                         double scale, CTError *error);
CT_STATUS ct_foreach_mul(const CTTensor _Nonnull *_Nullable x, intptr_t count, double value, CTError *error);
CT_STATUS ct_foreach_mul_tensor(const CTTensor _Nonnull *_Nullable x, intptr_t count, CTTensor value, CTError *error);
CT_STATUS ct_foreach_lerp(const CTTensor _Nonnull *_Nullable x, const CTTensor _Nonnull *_Nullable y, intptr_t count,
                          double weight, CTError *error);
/// `out` has room for `count` scalars, the norms.
CT_STATUS ct_foreach_norm(const CTTensor _Nonnull *_Nullable x, intptr_t count, double order, CT_MAYBE *_Nonnull out,
                          CTError *error);

CT_END
