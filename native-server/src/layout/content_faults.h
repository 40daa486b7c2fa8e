#pragma once

#include <cstddef>
#include <cstdint>

namespace oversoak::layout {

// Planted faults of the contents. 0: never.
struct ContentFaultSettings {
  std::size_t stall_content = 0;
  std::uint32_t stall_every = 0;
  std::uint32_t stall_ms = 0;
  std::uint32_t misroute_every = 0;
};

// Counts the messages and moves of one thread and says which are to be spoilt.
class ContentFaultPlan {
 public:
  explicit ContentFaultPlan(const ContentFaultSettings& settings) : settings_(settings) {}

  // Milliseconds to sleep before this message; 0: none.
  std::uint32_t stall_ms(std::size_t content) noexcept {
    if (settings_.stall_every == 0 || content != settings_.stall_content) return 0;
    return ++messages_ % settings_.stall_every == 0 ? settings_.stall_ms : 0;
  }

  bool misroutes_now() noexcept {
    return settings_.misroute_every != 0 && ++moves_ % settings_.misroute_every == 0;
  }

 private:
  ContentFaultSettings settings_;
  std::uint64_t messages_ = 0;
  std::uint64_t moves_ = 0;
};

}  // namespace oversoak::layout
