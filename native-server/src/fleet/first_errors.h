#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "fleet/dialect/mismatch.h"
#include "fleet/fleet_errors.h"
#include "io/error.h"

namespace oversoak::fleet {

// One error, with what is known of it; contracts/src/figures/error-evidence.ts says what each field
// is.
struct ErrorEvidence {
  FleetError error = FleetError::end;
  std::uint64_t session = 0;
  std::uint16_t local_port = 0;  // of the session's socket; 0: not known
  std::int64_t at_ns = 0;        // os::now_ns
  io::Error code{};              // of the system; none: it reported none
  Mismatch mismatch{};
};

// The first errors of each class of one fleet thread. One thread writes, any may read; what comes
// after the first ones costs one compare.
class FirstErrors {
 public:
  static constexpr std::size_t kMostOfClass = 5;

  // The writer.
  bool wants(FleetError error) const noexcept { return seen_[index(error)] < kMostOfClass; }
  void note(const ErrorEvidence& evidence);

  // Appends them, in their order.
  void copy_to(std::vector<ErrorEvidence>& all) const;

 private:
  static constexpr std::size_t index(FleetError error) noexcept {
    return static_cast<std::size_t>(error);
  }

  std::array<std::size_t, kValuesOf<FleetError>> seen_{};  // the writer's
  mutable std::mutex mutex_;
  std::vector<ErrorEvidence> kept_;  // under the mutex
};

// The first of each class among those of several threads, oldest first.
std::vector<ErrorEvidence> first_of(std::vector<ErrorEvidence> all);

}  // namespace oversoak::fleet
