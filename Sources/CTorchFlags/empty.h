// Carries the compiler and linker flags that pkg-config gives for libtorch; declares nothing.
