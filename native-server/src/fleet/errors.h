#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "metrics/counter.h"

namespace oversoak::fleet {

// What a fleet counts against the server or the network; contracts/src/figures/error-classes.ts says what
// each is. The names stand once, in kErrorNames.
enum class Error : std::uint8_t {
  connect_failed,
  connect_timed_out,
  disconnected_by_server,
  corrupt,
  out_of_order,
  duplicate,
  not_received_in_time,
};

inline constexpr std::array<const char*, 7> kErrorNames{
    "connectFailed", "connectTimedOut", "disconnectedByServer", "corrupt",
    "outOfOrder",    "duplicate",       "notReceivedInTime"};

using ErrorCounts = std::array<std::uint64_t, kErrorNames.size()>;

inline void add_errors(ErrorCounts& sum, const ErrorCounts& counts) noexcept {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += counts[i];
}

// One writing thread, any number of readers.
class Errors {
 public:
  void add(Error error, std::uint64_t amount = 1) noexcept {
    counters_[static_cast<std::size_t>(error)].add(amount);
  }

  ErrorCounts load() const noexcept {
    ErrorCounts counts;
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = counters_[i].load();
    return counts;
  }

 private:
  std::array<metrics::Counter, kErrorNames.size()> counters_;
};

}  // namespace oversoak::fleet
