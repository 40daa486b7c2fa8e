#pragma once

#include <cmath>
#include <cstdint>

namespace oversoak {

// SplitMix64 (Steele, Lea, Flood 2014): eight bytes of state, the same numbers on every platform,
// one generator per client (and per player), so that a seed repeats whatever the threads do.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  // Evenly in [0, 1).
  double fraction() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  // Evenly in [0, bound); the bias is below bound / 2^64.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }

  // Exponentially distributed with mean 1.
  double exponential() noexcept { return -std::log1p(-fraction()); }

 private:
  std::uint64_t state_;
};

}  // namespace oversoak
