#pragma once

#include <memory>

#include "fleet/dialect/dialect.h"
#include "input.h"
#include "wire/protocol.h"

namespace oversoak::fuzz {

// One connection each. What has to hold is checked on the way.
void try_server(wire::Protocol protocol, Input& input);
void try_fleet(wire::Protocol protocol, Input& input);
// A fleet with a described protocol.
void try_framed(std::uint8_t program, Input& input);
// A member of a zone.
void try_zone(Input& input);

// A fleet's connection with a server that echoes.
void talk(std::unique_ptr<fleet::Dialect> dialect, Random& random, std::uint64_t first_sequence,
          Input& input);

}  // namespace oversoak::fuzz
