#include "metrics/histogram.h"

#include <algorithm>
#include <bit>

namespace oversoak::metrics {
namespace {

constexpr int kSubBucketHalfMagnitude = 10;  // 2,048 sub-buckets hold 3 digits
constexpr std::uint64_t kSubBucketMask = 2047;
constexpr std::int64_t kLowestDiscernible_ns = 1;
constexpr std::uint32_t kV2Cookie = 0x1c849303 | 0x10;

void put_big_endian(std::vector<std::uint8_t>& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(value >> shift));
  }
}

// LEB128 of at most nine bytes, as HdrHistogram's ZigZagEncoding writes it.
void put_zigzag(std::vector<std::uint8_t>& out, std::int64_t value) {
  auto rest = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (int byte = 0; byte < 8 && rest >= 0x80; ++byte) {
    out.push_back(static_cast<std::uint8_t>(rest | 0x80));
    rest >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(rest));
}

}  // namespace

std::size_t histogram_index(std::int64_t value_ns) noexcept {
  const auto value = static_cast<std::uint64_t>(value_ns);
  const int bucket = 53 - std::countl_zero(value | kSubBucketMask);
  const auto sub_bucket = static_cast<std::int64_t>(value >> bucket);
  const std::int64_t base = std::int64_t{bucket + 1} << kSubBucketHalfMagnitude;
  return static_cast<std::size_t>(base + sub_bucket - (1 << kSubBucketHalfMagnitude));
}

Histogram::Histogram() : counts_(new std::atomic<std::uint64_t>[kHistogramBuckets]()) {}

void Histogram::record(std::int64_t value_ns) noexcept {
  auto& count =
      counts_[histogram_index(std::clamp<std::int64_t>(value_ns, 0, kHighestTrackable_ns))];
  count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void Histogram::add_to(HistogramCounts& counts) const {
  for (std::size_t i = 0; i < kHistogramBuckets; ++i) {
    counts[i] += counts_[i].load(std::memory_order_relaxed);
  }
}

std::vector<std::uint8_t> encode_histogram(const HistogramCounts& counts) {
  std::vector<std::uint8_t> payload;
  std::size_t end = counts.size();
  while (end > 0 && counts[end - 1] == 0) --end;
  for (std::size_t i = 0; i < end;) {
    if (counts[i] != 0) {
      put_zigzag(payload, static_cast<std::int64_t>(counts[i++]));
      continue;
    }
    const std::size_t first = i;
    while (counts[i] == 0) ++i;  // ends: counts[end - 1] is not 0
    const auto zeros = static_cast<std::int64_t>(i - first);
    put_zigzag(payload, zeros > 1 ? -zeros : 0);
  }

  std::vector<std::uint8_t> out;
  out.reserve(40 + payload.size());
  put_big_endian(out, kV2Cookie, 4);
  put_big_endian(out, payload.size(), 4);
  put_big_endian(out, 0, 4);  // normalizing index offset
  put_big_endian(out, kSignificantDigits, 4);
  put_big_endian(out, kLowestDiscernible_ns, 8);
  put_big_endian(out, kHighestTrackable_ns, 8);
  put_big_endian(out, std::bit_cast<std::uint64_t>(1.0), 8);  // integer to double ratio
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

}  // namespace oversoak::metrics
