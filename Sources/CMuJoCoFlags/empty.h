// Carries the compiler and linker flags that pkg-config gives for MuJoCo; declares nothing.
