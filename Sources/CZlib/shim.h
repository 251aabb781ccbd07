/* The C boundary to the system's zlib. Only the module Ledger imports it, for stored message bodies. */
#ifndef STEVEDORE_CZLIB_H
#define STEVEDORE_CZLIB_H

#include <zlib.h>

/* deflateInit is a macro over a function that takes the header's version and the size of the structure. */
static inline int czlib_deflate_init(z_stream *stream, int level) { return deflateInit(stream, level); }

#endif
