/* The C boundary to the system's libyaml. Only the module Fleet imports it, for `stevedore.yaml`. */
#ifndef STEVEDORE_CYAML_H
#define STEVEDORE_CYAML_H

#include <yaml.h>

#endif
