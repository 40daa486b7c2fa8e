#pragma once

#include <cstdint>

namespace oversoak::server {

// Planted faults of zones. 0: never.
struct ZoneFaultSettings {
  std::uint32_t drop_every = 0;
  std::uint32_t duplicate_every = 0;
  std::uint32_t swap_every = 0;
  std::uint32_t after_leave_every = 0;
};

// Counts what one IO thread delivers to others than the origin, and its members that leave, and
// says which are to be spoilt.
class ZoneFaultPlan {
 public:
  explicit ZoneFaultPlan(const ZoneFaultSettings& settings) : settings_(settings) {}

  struct Spoil {
    bool drop = false;
    bool duplicate = false;
    bool swap = false;  // with the next delivery of the same member
  };

  Spoil next_copy() noexcept {
    ++copies_;
    return {due(copies_, settings_.drop_every), due(copies_, settings_.duplicate_every),
            due(copies_, settings_.swap_every)};
  }

  bool keeps_latest() const noexcept { return settings_.after_leave_every != 0; }
  bool delivers_after_leave() noexcept { return due(++leaves_, settings_.after_leave_every); }

 private:
  static bool due(std::uint64_t count, std::uint32_t every) noexcept {
    return every != 0 && count % every == 0;
  }

  ZoneFaultSettings settings_;
  std::uint64_t copies_ = 0;
  std::uint64_t leaves_ = 0;
};

}  // namespace oversoak::server
