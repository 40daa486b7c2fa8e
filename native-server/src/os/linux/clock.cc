#include "os/clock.h"

#include <ctime>

namespace oversoak::os {

std::int64_t now_ns() noexcept {
  constexpr std::int64_t kSecond_ns = 1'000'000'000;
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);  // cannot fail for this clock
  return now.tv_sec * kSecond_ns + now.tv_nsec;
}

}  // namespace oversoak::os
