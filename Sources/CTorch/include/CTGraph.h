// The graph that reverse mode walks.
#pragma once
#include "CTTypes.h"
CT_BEGIN

/// What the walk finds. `node` is called for every node before edges name it; ids count from 0 in the order of the walk,
/// from the outputs towards the leaves. `shape` is a leaf's, null for an operation.
typedef struct {
    void *context;
    void (*node)(void *context, intptr_t id, const char *name, const intptr_t *_Nullable shape, intptr_t rank);
    void (*edge)(void *context, intptr_t from, intptr_t to);
    /// The node that a tensor given by name belongs to; `index` is its place in the list of names.
    void (*named)(void *context, intptr_t index, intptr_t id);
} CTGraphVisitor;

/// Walks over the graph behind the outputs. Tensors without a graph, and those outside this one, are passed over.
CT_STATUS ct_graph_walk(const CTTensor _Nonnull *_Nullable outputs, intptr_t output_count,
                        const CTTensor _Nonnull *_Nullable named, intptr_t named_count, CTGraphVisitor visitor,
                        CTError *error);

CT_END
