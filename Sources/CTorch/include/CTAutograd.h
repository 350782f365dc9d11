// Reverse-mode differentiation.
#pragma once
#include "CTTypes.h"
CT_BEGIN

bool ct_requires_grad(CTTensor x);
/// Detached copy of the reference that requires a gradient: a new leaf on the same storage.
CT_UNARY(leaf)
/// Sets whether operations of this thread record a graph; returns the former value.
bool ct_grad_mode_set(bool enabled);
bool ct_grad_mode(void);
/// Gradients of the outputs, weighted by `weights` (null: all ones), with respect to the inputs.
/// A null entry of `out` is an input that the outputs do not depend on.
CT_STATUS ct_grad(const CTTensor _Nonnull *_Nullable outputs, const CT_MAYBE *_Nullable weights, intptr_t output_count,
                  const CTTensor _Nonnull *_Nullable inputs, intptr_t input_count, bool retain_graph, bool create_graph,
                  CT_MAYBE *_Nonnull out, CTError *error);

CT_END
