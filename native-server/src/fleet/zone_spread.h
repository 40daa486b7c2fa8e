#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace oversoak::fleet {

// When the last member of one zone had each of its deliveries. It keeps the numbers of a zone that
// may still come to somebody, those of the last `patience_ns`, and gives away what is older. Pure;
// the caller has the clock. Thread: the fleet thread that has all sessions of the zone.
class ZoneSpread {
 public:
  explicit ZoneSpread(std::int64_t patience_ns) : patience_ns_(patience_ns), ring_(kFirstEntries) {}

  // A broadcast, once nobody else is expected to get it.
  struct Spread {
    std::int64_t intended_ns = 0;
    std::int64_t last_ns = 0;  // that a member had it
  };

  // A member got this number. `timed`: whether its time is in a latency; if not, the broadcast has
  // none. Calls `take(Spread)` for one that is over.
  template <typename Take>
  void delivered(std::uint64_t number, std::int64_t intended_ns, std::int64_t now_ns, bool timed,
                 Take take) {
    while (!may_take(number, now_ns)) grow();
    Entry& entry = at(number);
    if (entry.number > number) return;  // one that was given up long ago
    if (entry.number < number) {
      give_away(entry, take);
      entry = {number, {intended_ns, now_ns}, timed};
    }
    entry.spread.last_ns = now_ns;
    entry.timed = entry.timed && timed;
  }

  // The fleet ends: all that is left is over.
  template <typename Take>
  void finish(Take take) {
    for (Entry& entry : ring_) {
      give_away(entry, take);
      entry = {};
    }
  }

 private:
  struct Entry {
    std::uint64_t number = 0;  // 0: none; a zone counts from 1
    Spread spread;
    bool timed = false;
  };

  static constexpr std::size_t kFirstEntries = 8;
  // More deliveries of one zone than a fleet takes within its patience are followed no further.
  static constexpr std::size_t kMostEntries = 1 << 16;

  Entry& at(std::uint64_t number) noexcept { return ring_[number & (ring_.size() - 1)]; }

  // Whether the place of the number is free, or of one that is over.
  bool may_take(std::uint64_t number, std::int64_t now_ns) noexcept {
    const Entry& entry = at(number);
    return entry.number == 0 || entry.number >= number || ring_.size() == kMostEntries ||
           now_ns - entry.spread.last_ns >= patience_ns_;
  }

  // A steady load grows it no more, and so allocates nothing.
  void grow() {
    std::vector<Entry> old(2 * ring_.size());
    ring_.swap(old);
    for (const Entry& entry : old) {
      if (entry.number != 0) at(entry.number) = entry;
    }
  }

  template <typename Take>
  static void give_away(const Entry& entry, Take take) {
    if (entry.number != 0 && entry.timed) take(entry.spread);
  }

  std::int64_t patience_ns_;
  std::vector<Entry> ring_;  // a power of two long
};

}  // namespace oversoak::fleet
