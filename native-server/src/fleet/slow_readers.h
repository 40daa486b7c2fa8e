#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace oversoak::fleet {

// Which sessions of a fleet read slowly, and how slowly.
struct SlowReaders {
  double share = 0;  // of the sessions
  std::uint64_t bytes_per_second = 0;

  // Rounded up; what only looks like more than a whole number is not.
  std::size_t count(std::size_t sessions) const noexcept {
    constexpr double kRoundingError = 1e-9;
    return static_cast<std::size_t>(
        std::ceil(share * static_cast<double>(sessions) - kRoundingError));
  }

  // Spread evenly over the sessions, so that every thread has its share of them.
  bool include(std::size_t session, std::size_t sessions) const noexcept {
    const std::size_t slow = count(sessions);
    return (session + 1) * slow / sessions != session * slow / sessions;
  }
};

}  // namespace oversoak::fleet
