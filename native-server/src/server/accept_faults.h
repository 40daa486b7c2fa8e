#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "server/fault.h"

namespace oversoak::server {

// The planted faults of an IO thread's accepts: leaks, and echoes of sessions that ended.
class AcceptFaults {
 public:
  explicit AcceptFaults(const FaultSettings& settings) : settings_(settings) {}

  bool keeps_echoes() const noexcept { return settings_.stale_every != 0; }

  // Leaks what the planted fault configures, until the process ends.
  void session_opened();

  // An echo of a session that ended.
  void session_ended(std::vector<std::byte> last_echo);

  // What the session that was just opened is wrongly sent first; empty: nothing.
  std::span<const std::byte> stale_echo() const noexcept;

 private:
  FaultSettings settings_;
  std::uint64_t opened_ = 0;
  std::vector<std::byte> last_echo_;
};

}  // namespace oversoak::server
