#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace oversoak::metrics {

// The HDR bucket layout (Gil Tene's HdrHistogram): 1 ns to 1 h with 3 significant digits, so counts
// of several threads and machines merge by addition and every HDR tool reads them.
inline constexpr std::int64_t kHighestTrackable_ns = 3'600'000'000'000;
inline constexpr int kSignificantDigits = 3;
inline constexpr std::size_t kHistogramBuckets = 33 * 1024;

// The counts' index for a value in [0, kHighestTrackable_ns].
std::size_t histogram_index(std::int64_t value_ns) noexcept;

// Plain counts, for merging and encoding.
using HistogramCounts = std::vector<std::uint64_t>;

// One writing thread, any number of readers; a reader may see some values of a moment and not
// others, but never a torn count.
class Histogram {
 public:
  Histogram();

  // Values beyond the range count at its ends.
  void record(std::int64_t value_ns) noexcept;

  // Adds this histogram's counts to `counts` (kHistogramBuckets long).
  void add_to(HistogramCounts& counts) const;

 private:
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
};

// HDR V2 encoding (zigzag LEB128 with runs of zeros), not compressed.
std::vector<std::uint8_t> encode_histogram(const HistogramCounts& counts);

}  // namespace oversoak::metrics
