// Products, decompositions, solvers.
#pragma once
#include "CTTypes.h"
CT_BEGIN

CT_BINARY(matmul)
CT_BINARY(bmm)
CT_BINARY(outer)
CT_BINARY(dot)
CT_RESULT ct_addmm(CTTensor bias, CTTensor a, CTTensor b, CTError *error);
CT_RESULT ct_einsum(const char *equation, const CTTensor _Nonnull *_Nullable tensors, intptr_t count, CTError *error);
CT_BINARY(solve)
CT_UNARY(inverse)
CT_UNARY(determinant)
CT_UNARY(cholesky)
CT_STATUS ct_slogdet(CTTensor x, CT_MAYBE *_Nonnull out, CTError *error);
CT_STATUS ct_qr(CTTensor x, CT_MAYBE *_Nonnull out, CTError *error);
CT_STATUS ct_svd(CTTensor x, CT_MAYBE *_Nonnull out, CTError *error);
CT_STATUS ct_eigh(CTTensor x, CT_MAYBE *_Nonnull out, CTError *error);

CT_END
