// Operations that change a shape or the order of elements.
#pragma once
#include "CTTypes.h"
CT_BEGIN

CT_RESULT ct_reshape(CTTensor x, const intptr_t *_Nullable sizes, intptr_t rank, CTError *error);
CT_RESULT ct_expand(CTTensor x, const intptr_t *_Nullable sizes, intptr_t rank, CTError *error);
CT_RESULT ct_permute(CTTensor x, const intptr_t *_Nullable dims, intptr_t count, CTError *error);
CT_RESULT ct_transpose(CTTensor x, intptr_t a, intptr_t b, CTError *error);
CT_RESULT ct_movedim(CTTensor x, intptr_t from, intptr_t to, CTError *error);
CT_RESULT ct_squeeze(CTTensor x, intptr_t dim, CTError *error);
CT_UNARY(squeeze_all)
CT_RESULT ct_unsqueeze(CTTensor x, intptr_t dim, CTError *error);
CT_RESULT ct_flatten(CTTensor x, intptr_t start, intptr_t end, CTError *error);
CT_RESULT ct_unflatten(CTTensor x, intptr_t dim, const intptr_t *_Nullable sizes, intptr_t rank, CTError *error);
CT_RESULT ct_repeat(CTTensor x, const intptr_t *_Nullable counts, intptr_t count, CTError *error);
CT_RESULT ct_repeat_interleave(CTTensor x, intptr_t repeats, intptr_t dim, CTError *error);
CT_RESULT ct_flip(CTTensor x, const intptr_t *_Nullable dims, intptr_t count, CTError *error);
CT_RESULT ct_roll(CTTensor x, intptr_t shift, intptr_t dim, CTError *error);
CT_RESULT ct_diagonal(CTTensor x, intptr_t offset, intptr_t a, intptr_t b, CTError *error);
CT_RESULT ct_diag_embed(CTTensor x, intptr_t offset, CTError *error);
CT_RESULT ct_tril(CTTensor x, intptr_t diagonal, CTError *error);
CT_RESULT ct_triu(CTTensor x, intptr_t diagonal, CTError *error);
CT_RESULT ct_unfold(CTTensor x, intptr_t dim, intptr_t size, intptr_t step, CTError *error);
/// `amounts`: pairs (before, after), last dimension first.
CT_RESULT ct_pad(CTTensor x, const intptr_t *_Nullable amounts, intptr_t count, CTScalar value, CTError *error);
CT_RESULT ct_cat(const CTTensor _Nonnull *_Nullable tensors, intptr_t count, intptr_t dim, CTError *error);
CT_RESULT ct_stack(const CTTensor _Nonnull *_Nullable tensors, intptr_t count, intptr_t dim, CTError *error);
CT_RESULT ct_sum_to_size(CTTensor x, const intptr_t *_Nullable sizes, intptr_t rank, CTError *error);

CT_END
