// The C face of libtorch as Ludus uses it. Every call catches every C++ exception and holds no policy.
#pragma once
#include "CTTypes.h"

#include "CTAutograd.h"
#include "CTCore.h"
#include "CTCustom.h"
#include "CTGraph.h"
#include "CTIndexing.h"
#include "CTInPlace.h"
#include "CTLayers.h"
#include "CTLinearAlgebra.h"
#include "CTNeural.h"
#include "CTOptimizers.h"
#include "CTPointwise.h"
#include "CTRandom.h"
#include "CTReductions.h"
#include "CTShapes.h"
#include "CTTransforms.h"
