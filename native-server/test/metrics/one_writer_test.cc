// What one thread writes and others read: most of the worth of this is under ThreadSanitizer.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <numeric>
#include <thread>

#include "metrics/counter.h"
#include "metrics/histogram.h"

using namespace oversoak::metrics;

namespace {

// Reads `figure` until the writer is done; false when it ever went back or did not end at `last`.
template <typename Figure>
bool only_rises(const Figure& figure, const std::atomic<bool>& written, std::uint64_t last) {
  std::uint64_t before = 0;
  for (bool final = false; !final;) {
    // Before the read, so that the last read sees all that was written. Not `last` is what ends the
    // loop: a lost count is to fail the test, not to hang it.
    final = written.load(std::memory_order_acquire);
    const std::uint64_t now = figure();
    if (now < before) return false;
    before = now;
    std::this_thread::yield();
  }
  return before == last;
}

// Runs `write` while two readers watch `figure` rise to `last`.
template <typename Write, typename Figure>
std::array<bool, 2> watched(const Write& write, const Figure& figure, std::uint64_t last) {
  std::array<bool, 2> rose{};
  std::atomic<bool> written{false};
  std::thread first([&] { rose[0] = only_rises(figure, written, last); });
  std::thread second([&] { rose[1] = only_rises(figure, written, last); });
  write();
  written.store(true, std::memory_order_release);
  first.join();
  second.join();
  return rose;
}

}  // namespace

TEST_SUITE_BEGIN("one writer");

TEST_CASE("a counter") {
  Counter counter;
  counter.add();
  counter.add(5);
  counter.subtract(2);
  CHECK(counter.load() == 4);
  counter.raise_to(3);
  CHECK(counter.load() == 4);
  counter.raise_to(9);
  CHECK(counter.load() == 9);
}

TEST_CASE("a counter is read while it is written") {
  constexpr std::uint64_t kAdds = 200'000;
  Counter counter;
  const auto rose = watched(
      [&] {
        for (std::uint64_t i = 0; i < kAdds; ++i) counter.add();
      },
      [&] { return counter.load(); }, kAdds);
  CHECK(rose[0]);
  CHECK(rose[1]);
}

TEST_CASE("a histogram is read while it is written") {
  constexpr std::uint64_t kValues = 100'000;
  Histogram histogram;
  const auto rose = watched(
      [&] {
        for (std::uint64_t i = 0; i < kValues; ++i) {
          histogram.record(static_cast<std::int64_t>(i * 1000));
        }
      },
      [&] {
        HistogramCounts counts(kHistogramBuckets);
        histogram.add_to(counts);
        return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
      },
      kValues);
  CHECK(rose[0]);
  CHECK(rose[1]);
}

TEST_SUITE_END();
