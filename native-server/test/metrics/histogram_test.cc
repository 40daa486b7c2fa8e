#include "metrics/histogram.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "random.h"

using namespace oversoak::metrics;

namespace {

// The layout by its definition: 2,048 values one apart, and from there on every doubling of the
// value is 1,024 steps, each twice as wide as those before.
std::size_t index_by_definition(std::int64_t value) {
  std::int64_t width = 1;
  std::int64_t first = 0;  // the smallest value of this width
  std::size_t index = 0;   // of `first`
  std::int64_t steps = 2048;
  while (value >= first + steps * width) {
    index += static_cast<std::size_t>(steps);
    first += steps * width;
    width *= 2;
    steps = 1024;
  }
  return index + static_cast<std::size_t>((value - first) / width);
}

HistogramCounts counts_of(const Histogram& histogram) {
  HistogramCounts counts(kHistogramBuckets);
  histogram.add_to(counts);
  return counts;
}

}  // namespace

TEST_SUITE_BEGIN("histogram");

TEST_CASE("indexes at every boundary are those of the HDR layout") {
  for (std::int64_t power = 1; power <= kHighestTrackable_ns; power *= 2) {
    for (const std::int64_t value : {power - 1, power, power + 1, power + power / 2}) {
      if (value > kHighestTrackable_ns) continue;
      CAPTURE(value);
      CHECK(histogram_index(value) == index_by_definition(value));
    }
  }
  CHECK(histogram_index(2047) == 2047);
  CHECK(histogram_index(2048) == 2048);
  CHECK(histogram_index(2049) == 2048);
  CHECK(histogram_index(4095) == 3071);
  CHECK(histogram_index(4096) == 3072);
}

TEST_CASE("random values have the index of their definition, within the buckets") {
  oversoak::Random random(1);
  for (int i = 0; i < 200'000; ++i) {
    const auto magnitude = std::int64_t{1} << random.below(42);
    const auto value = static_cast<std::int64_t>(random.below(
        static_cast<std::uint64_t>(std::min(2 * magnitude, kHighestTrackable_ns)) + 1));
    REQUIRE(histogram_index(value) == index_by_definition(value));
    REQUIRE(histogram_index(value) < kHistogramBuckets);
  }
}

TEST_CASE("values beyond the range count at its ends") {
  Histogram histogram;
  histogram.record(-1);
  histogram.record(std::numeric_limits<std::int64_t>::min());
  histogram.record(kHighestTrackable_ns + 1);
  histogram.record(std::numeric_limits<std::int64_t>::max());
  const HistogramCounts counts = counts_of(histogram);
  CHECK(counts[0] == 2);
  CHECK(counts[histogram_index(kHighestTrackable_ns)] == 2);
  CHECK(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}) == 4);
}

TEST_CASE("add_to adds, so that threads merge") {
  Histogram one;
  Histogram other;
  one.record(5);
  other.record(5);
  other.record(9);
  HistogramCounts counts(kHistogramBuckets);
  one.add_to(counts);
  other.add_to(counts);
  CHECK(counts[5] == 2);
  CHECK(counts[9] == 1);
}

TEST_CASE("the encoding of a small histogram") {
  HistogramCounts counts(kHistogramBuckets);
  counts[histogram_index(1)] = 1;
  counts[histogram_index(2)] = 2;
  counts[histogram_index(5000)] = 1;
  counts[histogram_index(kHighestTrackable_ns)] = 300;
  const std::vector<std::uint8_t> expected{
      0x1C, 0x84, 0x93, 0x13,                          // cookie of V2
      0x00, 0x00, 0x00, 0x0B,                          // bytes of the counts
      0x00, 0x00, 0x00, 0x00,                          // normalizing index offset
      0x00, 0x00, 0x00, 0x03,                          // significant digits
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,  // lowest discernible
      0x00, 0x00, 0x03, 0x46, 0x30, 0xB8, 0xA0, 0x00,  // highest trackable
      0x3F, 0xF0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // 1.0
      // The counts, as hdr-histogram-js writes the same values.
      0x00,              // one zero
      0x02,              // 1
      0x04,              // 2
      0xBD, 0x33,        // 3,295 zeros
      0x02,              // 1
      0xD1, 0xD6, 0x03,  // 30,121 zeros
      0xD8, 0x04,        // 300
  };
  CHECK(encode_histogram(counts) == expected);
}

TEST_CASE("an empty histogram has no counts in its encoding") {
  const auto bytes = encode_histogram(HistogramCounts(kHistogramBuckets));
  REQUIRE(bytes.size() == 40);
  CHECK(bytes[7] == 0);
}

// Nine bytes of LEB128 carry 64 bits: eight of seven bits and a whole last one.
TEST_CASE("a count of 63 bits is written in nine bytes") {
  HistogramCounts counts(kHistogramBuckets);
  counts[0] = (std::uint64_t{1} << 63) - 1;
  const auto bytes = encode_histogram(counts);
  const std::vector<std::uint8_t> payload(bytes.begin() + 40, bytes.end());
  CHECK(payload == std::vector<std::uint8_t>{0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF});
}

TEST_SUITE_END();
