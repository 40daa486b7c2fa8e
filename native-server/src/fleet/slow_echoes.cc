#include "fleet/slow_echoes.h"

#include <algorithm>
#include <thread>

namespace oversoak::fleet {
namespace {

bool slower(const SlowEcho& a, const SlowEcho& b) noexcept {
  return a.times.total_ns() > b.times.total_ns();
}

}  // namespace

void SlowEchoes::keep(const SlowEcho& echo) noexcept {
  if (!try_lock()) {
    let_go_.add();
    return;
  }
  if (count_ < kMax) {
    kept_[count_++] = echo;
  } else {
    *std::ranges::max_element(kept_, slower) = echo;  // instead of the fastest
  }
  if (count_ == kMax) {
    const SlowEcho& fastest = *std::ranges::max_element(kept_, slower);
    slower_than_ns_.store(fastest.times.total_ns(), std::memory_order_relaxed);
  }
  unlock();
}

void SlowEchoes::take(std::vector<SlowEcho>& echoes) {
  while (!try_lock()) std::this_thread::yield();
  // Copied out first: what allocates does so without the lock.
  const std::array<SlowEcho, kMax> taken = kept_;
  const std::size_t count = count_;
  count_ = 0;
  slower_than_ns_.store(kAny_ns, std::memory_order_relaxed);
  unlock();
  echoes.insert(echoes.end(), taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(count));
}

std::vector<SlowEcho> slowest_of(std::vector<SlowEcho> echoes) {
  std::ranges::sort(echoes, slower);
  if (echoes.size() > SlowEchoes::kMax) echoes.resize(SlowEchoes::kMax);
  return echoes;
}

}  // namespace oversoak::fleet
