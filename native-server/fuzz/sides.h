#pragma once

#include "input.h"
#include "wire/protocol.h"

namespace oversoak::fuzz {

// One connection each. What has to hold is checked on the way.
void try_server(wire::Protocol protocol, Input& input);
void try_fleet(wire::Protocol protocol, Input& input);

}  // namespace oversoak::fuzz
