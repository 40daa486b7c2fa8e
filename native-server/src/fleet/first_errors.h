#pragma once

#include <cstdint>

#include "fleet/dialect/mismatch.h"
#include "fleet/fleet_errors.h"
#include "io/error.h"
#include "metrics/first_of_class.h"

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

using FirstErrors = metrics::FirstOfClass<ErrorEvidence>;

}  // namespace oversoak::fleet
