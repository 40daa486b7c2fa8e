#pragma once

#include <optional>
#include <string>

#include "io/registry.h"

namespace oversoak::server {

// Starts a server with this notifier on loopback and sends it a frame. Nothing when the echo is
// right, else what went wrong. Blocks for 2 s at the most.
std::optional<std::string> self_test(const io::NotifierKind& notifier);

}  // namespace oversoak::server
