// Optimiser steps that are made out of place and differentiated.
#pragma once
#include "CTTypes.h"
CT_BEGIN

/// Numbers of one step of Adam: t ≥ 1 is the step, `scale` multiplies the directions.
typedef struct {
    double beta1;
    double beta2;
    double epsilon;
    double epsilon_root;
    double scale;
    intptr_t step;
} CTAdamDirection;
/// Adam's directions, and the moments that they come from, for lists of `count` tensors.
///
/// With m ← m + (1 − β₁)(g − m), v ← β₂v + (1 − β₂)g² and d = v, or the largest v so far:
/// direction = scale / (1 − β₁ᵗ) · m / (√(d / (1 − β₂ᵗ) + ε₀) + ε).
/// `out` has room for 3 (with `largest` 4) lists: directions, first and second moments, largest second moments.
/// May be differentiated any number of times; where d / (1 − β₂ᵗ) + ε₀ = 0 the root's derivative is taken as 0.
CT_STATUS ct_adam_directions(const CTTensor _Nonnull *_Nullable gradients, const CTTensor _Nonnull *_Nullable first,
                             const CTTensor _Nonnull *_Nullable second, const CTTensor _Nonnull *_Nullable largest,
                             intptr_t count, CTAdamDirection options, CT_MAYBE *_Nonnull out, CTError *error);
/// x + y for each pair of two lists.
CT_STATUS ct_list_add(const CTTensor _Nonnull *_Nullable x, const CTTensor _Nonnull *_Nullable y, intptr_t count,
                      CT_MAYBE *_Nonnull out, CTError *error);

CT_END
