// Selecting, gathering and scattering elements.
#pragma once
#include "CTTypes.h"
CT_BEGIN

CT_RESULT ct_select(CTTensor x, intptr_t dim, intptr_t index, CTError *error);
CT_RESULT ct_slice(CTTensor x, intptr_t dim, intptr_t start, intptr_t end, intptr_t step, CTError *error);
CT_RESULT ct_index_select(CTTensor x, intptr_t dim, CTTensor index, CTError *error);
CT_RESULT ct_gather(CTTensor x, intptr_t dim, CTTensor index, CTError *error);
CT_RESULT ct_take_along(CTTensor x, CTTensor index, intptr_t dim, CTError *error);
CT_RESULT ct_scatter(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error);
CT_RESULT ct_scatter_scalar(CTTensor x, intptr_t dim, CTTensor index, CTScalar value, CTError *error);
CT_RESULT ct_scatter_add(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error);
CT_RESULT ct_index_add(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error);
CT_RESULT ct_index_copy(CTTensor x, intptr_t dim, CTTensor index, CTTensor source, CTError *error);
CT_RESULT ct_select_scatter(CTTensor x, CTTensor source, intptr_t dim, intptr_t index, CTError *error);
CT_RESULT ct_slice_scatter(CTTensor x, CTTensor source, intptr_t dim, intptr_t start, intptr_t end, intptr_t step,
                           CTError *error);
CT_BINARY(masked_select)
/// A null index stands for "all of this dimension".
CT_RESULT ct_index(CTTensor x, const CT_MAYBE *_Nullable indices, intptr_t count, CTError *error);
CT_RESULT ct_index_put(CTTensor x, const CT_MAYBE *_Nullable indices, intptr_t count, CTTensor values, bool accumulate,
                       CTError *error);
CT_UNARY(nonzero)
CT_RESULT ct_one_hot(CTTensor x, intptr_t classes, CTError *error);
CT_RESULT ct_searchsorted(CTTensor sorted, CTTensor values, bool right, CTError *error);
/// weight [V, D] at integer indices [...]: [..., D].
CT_RESULT ct_embedding(CTTensor weight, CTTensor indices, intptr_t padding_index, CTError *error);

CT_END
