#pragma once

#include <cstdint>

namespace oversoak::metrics {

// Monotonic time of this machine in nanoseconds (QueryPerformanceCounter).
std::int64_t now_ns() noexcept;

}  // namespace oversoak::metrics
