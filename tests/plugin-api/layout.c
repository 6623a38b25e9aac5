/* Compiling this is the test: layout.h states where every field stands. */
#include "abi/v0/layout.h"
