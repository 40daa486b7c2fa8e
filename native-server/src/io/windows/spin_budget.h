#pragma once

#include <algorithm>
#include <cstdint>

namespace oversoak::io {

// How much of a core a thread may spend on busy-waiting until a message is due. Needs no clock.
class SpinBudget {
 public:
  // Of the time that goes by; what is not spent within a second is gone.
  static constexpr double kShare = 0.05;
  static constexpr std::int64_t kMaxSaved_ns = 50'000'000;

  explicit SpinBudget(std::int64_t now_ns) : earned_until_ns_(now_ns) {}

  // Spends the given time if it is left; false: it is not.
  bool take(std::int64_t now_ns, std::int64_t spin_ns) noexcept {
    const double earned_ns = kShare * static_cast<double>(now_ns - earned_until_ns_);
    earned_until_ns_ = now_ns;
    left_ns_ = std::min(left_ns_ + earned_ns, static_cast<double>(kMaxSaved_ns));
    if (left_ns_ < static_cast<double>(spin_ns)) return false;
    left_ns_ -= static_cast<double>(spin_ns);
    return true;
  }

 private:
  double left_ns_ = 0;
  std::int64_t earned_until_ns_;
};

}  // namespace oversoak::io
