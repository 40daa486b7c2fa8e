#pragma once

#include <cstdint>
#include <limits>
#include <queue>
#include <vector>

namespace oversoak::layout {

// When the zones of one thread tick, the earliest first. Pure; the caller has the clock. A zone
// that has ended is not taken out: the caller knows it when its tick is due.
class ZoneTicks {
 public:
  struct Due {
    std::int64_t at_ns = 0;
    std::uint32_t zone = 0;
  };

  void add(const Due& due) { queue_.push(due); }

  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  std::int64_t next_ns() const noexcept { return queue_.empty() ? kNever : queue_.top().at_ns; }

  // The earliest; only if there is one.
  Due take() {
    const Due due = queue_.top();
    queue_.pop();
    return due;
  }

 private:
  struct Later {
    bool operator()(const Due& one, const Due& other) const noexcept {
      return one.at_ns > other.at_ns;
    }
  };

  std::priority_queue<Due, std::vector<Due>, Later> queue_;
};

}  // namespace oversoak::layout
