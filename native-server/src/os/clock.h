#pragma once

#include <cstdint>

namespace oversoak::os {

// Monotonic time of this machine in nanoseconds (QueryPerformanceCounter, CLOCK_MONOTONIC).
std::int64_t now_ns() noexcept;

}  // namespace oversoak::os
