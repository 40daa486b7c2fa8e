#pragma once

#include <cstddef>
#include <cstdint>

#include "layout/zone_message.h"
#include "server/zone_backlog.h"

namespace oversoak::server {

// A session's part in a zone. Thread: its IO thread.
struct SessionZone {
  // By what the client has requested.
  enum class Request : std::uint8_t { none, join, leave };

  SessionZone(ZonePolicy policy, std::size_t limit_bytes) : backlog(policy, limit_bytes) {}

  Request latest = Request::none;
  bool seated = false;     // the zone's owner counts it
  bool member = false;     // deliveries go to it
  std::uint32_t zone = 0;  // once it has requested to join
  std::size_t index = 0;   // among the members of the zone at its IO thread
  ZoneBacklog backlog;
  layout::ZoneRef swapped;  // planted fault: goes behind the next delivery
};

}  // namespace oversoak::server
