#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "game/game.h"
#include "io/registry.h"
#include "layout/layout.h"
#include "server/fault.h"
#include "server/zone_backlog.h"
#include "wire/protocol.h"

namespace oversoak::server {

struct ThreadCounts {
  std::size_t io = 0;
  std::size_t content = 0;
};

// Whether a session's next receive is posted at once, or only when what came before is answered and
// its send complete.
enum class Duplex : std::uint8_t { full, half };

// Sessions may join zones; the protocol is oversoak's own, in full duplex.
struct ZoneOptions {
  ZonePolicy policy = ZonePolicy::drop;
};

// Validated by the caller (the addon's glue). The defaults are in contracts/.
struct ServerOptions {
  io::NotifierKind notifier;
  layout::LayoutKind layout;
  Duplex duplex = Duplex::full;
  wire::Protocol protocol = wire::Protocol::oversoak;
  std::string host = "0.0.0.0";
  std::uint16_t port = 0;
  int backlog = 1024;
  ThreadCounts threads_requested{1, 0};  // the budget, only to be shown
  std::size_t io_threads = 1;            // to begin with
  std::size_t threads_per_content = 0;   // 0 in homo
  game::Game game;
  std::optional<ZoneOptions> zones;
  std::size_t max_frame_bytes = 4096;
  std::size_t send_queue_bytes = 262'144;
  io::IocpSettings iocp;
  FaultSettings fault;
  // As the agent measured it; nothing: this process measures for itself.
  std::optional<double> spin_turns_per_us;
};

}  // namespace oversoak::server
