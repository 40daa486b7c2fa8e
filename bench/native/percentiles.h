#pragma once

#include <cstdint>
#include <numeric>

#include "metrics/histogram.h"

namespace oversoak::bench {

// The lowest value of a bucket.
inline std::int64_t bucket_ns(std::size_t index) {
  constexpr std::size_t kHalf = 1024;
  if (index < 2 * kHalf) return static_cast<std::int64_t>(index);
  const std::size_t shift = index / kHalf - 1;
  return static_cast<std::int64_t>(index % kHalf + kHalf) << shift;
}

inline std::uint64_t total(const metrics::HistogramCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// 0 where nothing was recorded.
inline double percentile_us(const metrics::HistogramCounts& counts, double share) {
  const auto wanted = static_cast<double>(total(counts)) * share;
  double seen = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    last = i;
    seen += static_cast<double>(counts[i]);
    if (seen >= wanted) break;
  }
  return static_cast<double>(bucket_ns(last)) / 1000;
}

// Of what was recorded, the share up to a value; 0 where nothing was.
inline double share_within(const metrics::HistogramCounts& counts, std::int64_t value_ns) {
  const std::uint64_t all = total(counts);
  const auto end =
      counts.begin() + static_cast<std::ptrdiff_t>(metrics::histogram_index(value_ns) + 1);
  const auto within = std::accumulate(counts.begin(), end, std::uint64_t{0});
  return all == 0 ? 0 : static_cast<double>(within) / static_cast<double>(all);
}

}  // namespace oversoak::bench
