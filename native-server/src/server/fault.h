#pragma once

#include <cstddef>
#include <cstdint>

#include "layout/content_faults.h"
#include "server/zone_faults.h"

namespace oversoak::server {

// Planted faults of a server, which show that the checks work. 0: never.
struct FaultSettings {
  std::uint32_t corrupt_every = 0;
  std::uint32_t drop_every = 0;
  std::uint32_t duplicate_every = 0;
  std::size_t leak_bytes_per_accept = 0;
  std::uint32_t leak_handles_per_accept = 0;
  std::uint32_t leak_sockets_per_accept = 0;
  std::uint32_t stale_every = 0;
  layout::ContentFaultSettings contents;
  ZoneFaultSettings zones;
};

// Counts the echoes of one sending thread and says which of them is to be spoilt.
class EchoFaultPlan {
 public:
  explicit EchoFaultPlan(const FaultSettings& settings) : settings_(settings) {}

  struct Spoil {
    bool corrupt = false;
    bool drop = false;
    bool duplicate = false;
  };

  Spoil next() noexcept {
    ++echoes_;
    return {due(settings_.corrupt_every), due(settings_.drop_every),
            due(settings_.duplicate_every)};
  }

 private:
  bool due(std::uint32_t every) const noexcept { return every != 0 && echoes_ % every == 0; }

  FaultSettings settings_;
  std::uint64_t echoes_ = 0;
};

}  // namespace oversoak::server
