// Forward-mode differentiation and vectorisation.
#pragma once
#include "CTTypes.h"
CT_BEGIN

/// Opens a level of forward-mode differentiation. libtorch has only one at a time.
CT_STATUS ct_dual_enter(uint64_t *level, CTError *error);
void ct_dual_exit(uint64_t level);
/// x with a tangent of the same shape and type.
CT_RESULT ct_dual_make(CTTensor x, CTTensor tangent, uint64_t level, CTError *error);
/// `out` has room for 2: the primal, and the tangent, undefined where there is none.
CT_STATUS ct_dual_unpack(CTTensor x, uint64_t level, CT_MAYBE *_Nonnull out, CTError *error);

/// Opens a level of vectorisation over `size` slices.
CT_STATUS ct_vmap_enter(intptr_t size, bool same_randomness, int64_t *level, CTError *error);
void ct_vmap_exit(void);
/// Hides a dimension; operations then run on all slices at once.
CT_RESULT ct_vmap_hide(CTTensor x, intptr_t dim, int64_t level, CTError *error);
/// Brings the dimension back, or repeats what does not depend on it. Called after `ct_vmap_exit`.
CT_RESULT ct_vmap_show(CTTensor x, int64_t level, intptr_t size, intptr_t dim, CTError *error);
/// The same elements, cut off from every graph, also inside vectorisation.
CT_UNARY(detach_deep)

/// Whether operations of this thread run inside a level of vectorisation.
bool ct_is_vectorizing(void);
/// Opens a level of reverse-mode differentiation inside vectorisation.
CT_STATUS ct_grad_level_enter(int64_t *level, CTError *error);
void ct_grad_level_exit(void);
/// x as a variable of the level.
CT_RESULT ct_grad_level_variable(CTTensor x, int64_t level, CTError *error);
/// What the level computed, as a tensor outside it.
CT_RESULT ct_grad_level_result(CTTensor x, int64_t level, CTError *error);

CT_END
