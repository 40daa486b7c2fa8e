#pragma once

#include "addon/fields.h"
#include "server/options.h"

namespace oversoak::addon {

// Contracts' ServerOptions, all fields filled in, and `plan`: the threads to begin with
// ({io, perContent}, contracts' threadPlan).
server::ServerOptions read_server_options(const Fields& fields);

}  // namespace oversoak::addon
