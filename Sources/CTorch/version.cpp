#include "CTorch.h"
#include <torch/version.h>
#if TORCH_VERSION_MAJOR != 2 || TORCH_VERSION_MINOR != 13
#error "Ludus needs libtorch 2.13: run Scripts/bootstrap, or point LUDUS_LIBTORCH at a 2.13 build"
#endif
extern "C" const char *ct_version(void) { return TORCH_VERSION; }
