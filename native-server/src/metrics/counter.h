#pragma once

#include <atomic>
#include <cstdint>

namespace oversoak::metrics {

// A figure with one writing thread and any number of readers. No lock and no locked instruction:
// the one writer adds, readers see some recent value.
class Counter {
 public:
  void add(std::uint64_t amount = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void raise_to(std::uint64_t value) noexcept {
    if (value > load()) value_.store(value, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t amount = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) - amount, std::memory_order_relaxed);
  }
  std::uint64_t load() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace oversoak::metrics
