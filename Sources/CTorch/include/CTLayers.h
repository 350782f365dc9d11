// Stepping out of the open levels of vectorisation for a while.
#pragma once
#include "CTTypes.h"
CT_BEGIN

/// The open levels of a thread, put aside.
typedef struct ct_layers_impl *CTLayers;

/// Puts the open levels aside, so that what follows runs as if there were none.
CTLayers _Nullable ct_layers_leave(CTError *error);
/// Takes them up again.
void ct_layers_return(CTLayers layers);
/// How many levels of vectorisation are among them.
intptr_t ct_layers_count(CTLayers layers);
/// Their numbers and sizes, the outermost first.
void ct_layers_describe(CTLayers layers, int64_t *levels, intptr_t *sizes);
/// The elements of x for every slice, `[size, ..., shape of x]`, without graph; called between leave and return.
CT_RESULT ct_layers_show(CTTensor x, CTLayers layers, CTError *error);

CT_END
