/* Everything is inline in the header; a C target needs one translation unit. */
#include "CCurl.h"
