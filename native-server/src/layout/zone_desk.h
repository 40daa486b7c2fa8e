#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "game/game.h"
#include "layout/zone_message.h"
#include "layout/zone_pool.h"
#include "layout/zone_ticks.h"
#include "metrics/counter.h"
#include "metrics/histogram.h"

namespace oversoak::layout {

// Which of so many threads, of content or of IO, owns a zone, whatever contents its players are in.
constexpr std::size_t zone_owner(std::uint32_t zone, std::size_t threads) noexcept {
  return zone % threads;
}

// What one thread counts of the zones that it orders; it alone writes.
struct ZoneDeskFigures {
  metrics::Counter broadcasts;
  metrics::Counter mailed;  // messages to IO threads
  metrics::Counter ticks;
  metrics::Counter ticks_skipped;
  std::unique_ptr<metrics::Histogram> tick_lateness;  // null: the zones do not tick
};

// The order of zones: one thread owns each zone, a content thread in hetero, an IO thread in homo.
// It numbers the zone's broadcasts and ticks, and sends them to each IO thread that has members,
// once. A zone exists while it has members, and ticks from its first member on. Thread: the owner.
class ZoneDesk {
 public:
  // `pool` outlives all that other threads hold of it. `self`: the owner, if it is an IO thread.
  ZoneDesk(const game::ZoneTickSettings& ticks, ZoneTickPool& pool, ZoneHome* self = nullptr);

  void order(ZoneRef message);

  // When run_ticks() has something to do; ZoneTicks::kNever where no zone ticks.
  std::int64_t next_tick_ns() const noexcept { return ticks_.next_ns(); }

  // Sends the ticks that are due, one of each zone. One that is late is sent once, with the time at
  // which it was due, and those that have become due since are left out.
  void run_ticks();

  const ZoneDeskFigures& figures() const noexcept { return figures_; }

 private:
  struct Seats {
    ZoneHome* home = nullptr;
    std::size_t members = 0;
  };
  struct Zone {
    std::uint64_t latest = 0;
    std::int64_t next_tick_ns = ZoneTicks::kNever;
    std::vector<Seats> seats;  // of each IO thread with members
  };

  Zone& zone_of_member(const ZoneMessage& message);
  void begin_ticks(Zone& zone, std::uint32_t number);
  void send_tick(std::uint32_t number, Zone& zone, std::int64_t due_ns, std::int64_t now_ns);
  void take_seat(Zone& zone, ZoneHome& home);
  void give_seat_up(const ZoneMessage& message);
  void mail(ZoneHome& home, ZoneRef message);

  const std::int64_t tick_ns_;      // between two; 0: no ticks
  std::vector<std::byte> payload_;  // of each tick
  ZoneTickPool& pool_;
  ZoneHome* const self_;
  std::unordered_map<std::uint32_t, Zone> zones_;
  ZoneTicks ticks_;
  ZoneDeskFigures figures_;
};

}  // namespace oversoak::layout
