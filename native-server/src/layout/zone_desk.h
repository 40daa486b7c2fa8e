#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "layout/zone_message.h"
#include "metrics/counter.h"

namespace oversoak::layout {

// What one thread counts of the zones that it orders; it alone writes.
struct ZoneDeskFigures {
  metrics::Counter broadcasts;
  metrics::Counter mailed;  // messages to IO threads
};

// The order of zones: one thread owns each zone, a content thread in hetero, an IO thread in homo.
// It numbers the zone's broadcasts, and sends them to each IO thread that has members, once. A zone
// exists while it has members. Thread: the owner.
class ZoneDesk {
 public:
  // `self`: the owner, if it is an IO thread.
  explicit ZoneDesk(ZoneHome* self = nullptr) : self_(self) {}

  void order(ZoneRef message);

  const ZoneDeskFigures& figures() const noexcept { return figures_; }

 private:
  struct Seats {
    ZoneHome* home = nullptr;
    std::size_t members = 0;
  };
  struct Zone {
    std::uint64_t latest = 0;
    std::vector<Seats> seats;  // of each IO thread with members
  };

  Zone& zone_of_member(const ZoneMessage& message);
  void take_seat(Zone& zone, ZoneHome& home);
  void give_seat_up(const ZoneMessage& message);
  void mail(ZoneHome& home, ZoneRef message);

  ZoneHome* const self_;
  std::unordered_map<std::uint32_t, Zone> zones_;
  ZoneDeskFigures figures_;
};

}  // namespace oversoak::layout
