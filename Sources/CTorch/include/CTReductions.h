// Reductions, scans, order. A null `dims` with count 0 means all dimensions.
#pragma once
#include "CTTypes.h"
CT_BEGIN

CT_REDUCTION(sum)
CT_REDUCTION(mean)
CT_REDUCTION(amax)
CT_REDUCTION(amin)
CT_REDUCTION(all)
CT_REDUCTION(any)
CT_REDUCTION(logsumexp)
CT_REDUCTION(count_nonzero)
CT_RESULT ct_prod(CTTensor x, bool all, intptr_t dim, bool keep, CTError *error);
CT_RESULT ct_var(CTTensor x, const intptr_t *_Nullable dims, intptr_t count, double correction, bool keep, CTError *error);
CT_RESULT ct_std(CTTensor x, const intptr_t *_Nullable dims, intptr_t count, double correction, bool keep, CTError *error);
CT_RESULT ct_norm(CTTensor x, double order, const intptr_t *_Nullable dims, intptr_t count, bool keep, CTError *error);
CT_RESULT ct_argmax(CTTensor x, bool all, intptr_t dim, bool keep, CTError *error);
CT_RESULT ct_argmin(CTTensor x, bool all, intptr_t dim, bool keep, CTError *error);
CT_RESULT ct_cumsum(CTTensor x, intptr_t dim, CTError *error);
CT_RESULT ct_cumprod(CTTensor x, intptr_t dim, CTError *error);
CT_RESULT ct_logcumsumexp(CTTensor x, intptr_t dim, CTError *error);
CT_RESULT ct_quantile(CTTensor x, double q, bool all, intptr_t dim, bool keep, CTError *error);
CT_RESULT ct_bincount(CTTensor x, CT_MAYBE weights, intptr_t minimum_length, CTError *error);
/// `out` has room for 2: values, indices.
CT_STATUS ct_topk(CTTensor x, intptr_t k, intptr_t dim, bool largest, bool sorted, CT_MAYBE *_Nonnull out, CTError *error);
CT_STATUS ct_sort(CTTensor x, intptr_t dim, bool descending, CT_MAYBE *_Nonnull out, CTError *error);
CT_STATUS ct_max_along(CTTensor x, intptr_t dim, bool keep, CT_MAYBE *_Nonnull out, CTError *error);
CT_STATUS ct_min_along(CTTensor x, intptr_t dim, bool keep, CT_MAYBE *_Nonnull out, CTError *error);
CT_STATUS ct_cummax(CTTensor x, intptr_t dim, CT_MAYBE *_Nonnull out, CTError *error);
/// `out` has room for 3: values, inverse, counts.
CT_STATUS ct_unique(CTTensor x, CT_MAYBE *_Nonnull out, CTError *error);

CT_END
