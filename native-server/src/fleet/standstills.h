#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace oversoak::fleet {

// When a thread stood still, os::now_ns. Of one thread; the newest are remembered.
class Standstills {
 public:
  void add(std::int64_t from_ns, std::int64_t to_ns) noexcept {
    Standstill& oldest = all_[count_ % all_.size()];
    if (count_ >= all_.size()) forgotten_until_ns_ = oldest.to_ns;
    oldest = {from_ns, to_ns};
    ++count_;
    until_ns_ = std::max(until_ns_, to_ns);
  }

  bool any_since(std::int64_t since_ns) const noexcept { return since_ns < until_ns_; }

  // When the last one ended.
  std::int64_t until_ns() const noexcept { return until_ns_; }

  // How long since then, at most: all the time in which a standstill is forgotten counts.
  std::int64_t since_ns(std::int64_t since_ns) const noexcept {
    std::int64_t sum_ns = std::max<std::int64_t>(0, forgotten_until_ns_ - since_ns);
    since_ns = std::max(since_ns, forgotten_until_ns_);
    const std::size_t known = std::min<std::size_t>(count_, all_.size());
    for (std::size_t i = 0; i < known; ++i) {
      sum_ns += std::max<std::int64_t>(0, all_[i].to_ns - std::max(all_[i].from_ns, since_ns));
    }
    return sum_ns;
  }

 private:
  struct Standstill {
    std::int64_t from_ns;
    std::int64_t to_ns;
  };

  std::array<Standstill, 256> all_{};
  std::size_t count_ = 0;
  std::int64_t until_ns_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t forgotten_until_ns_ = 0;
};

}  // namespace oversoak::fleet
