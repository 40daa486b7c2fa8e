#include "fleet/slow_readers.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "fleet/read_pace.h"

using namespace oversoak::fleet;

namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;

}  // namespace

TEST_SUITE_BEGIN("slow readers");

TEST_CASE("the share is rounded up, but not because of floating-point error") {
  CHECK(SlowReaders{0.1, 1}.count(30) == 3);
  CHECK(SlowReaders{0.07, 1}.count(100) == 7);  // 7.000000000000001
  CHECK(SlowReaders{0.001, 1}.count(5) == 1);
  CHECK(SlowReaders{0.5, 1}.count(3) == 2);
  CHECK(SlowReaders{1, 1}.count(60'000) == 60'000);
}

TEST_CASE("as many sessions as counted, spread evenly") {
  for (const double share : {0.001, 0.1, 1.0 / 3, 0.5, 0.9, 1.0}) {
    for (const std::size_t sessions : {1, 2, 7, 100, 1001}) {
      CAPTURE(share);
      CAPTURE(sessions);
      const SlowReaders slow{share, 1};
      const std::size_t count = slow.count(sessions);
      std::size_t found = 0;
      for (std::size_t i = 0; i < sessions; ++i) {
        found += slow.include(i, sessions) ? 1 : 0;
        // Never a whole session away from the even line.
        REQUIRE(found == (i + 1) * count / sessions);
      }
      CHECK(found == count);
    }
  }
}

TEST_CASE("the pace is kept, however many bytes arrive at a time") {
  ReadPace pace(1000);
  pace.start(0);
  std::int64_t now_ns = 0;
  std::size_t bytes = 0;
  for (std::size_t piece = 1; bytes < 100'000; piece = piece % pace.max_bytes() + 1) {
    now_ns = std::max(now_ns, pace.next_ns()) + 999'999;  // a timer's coarseness
    bytes += piece;
    pace.received(piece, now_ns);
  }
  const double seconds = static_cast<double>(now_ns) / 1e9;
  CHECK(static_cast<double>(bytes) / seconds == doctest::Approx(1000).epsilon(0.02));
}

TEST_CASE("a pause is not followed by a burst") {
  ReadPace pace(1000);
  pace.start(0);
  pace.received(50, 100 * kSecond_ns);
  pace.received(50, 100 * kSecond_ns);
  CHECK(pace.next_ns() == 100 * kSecond_ns);  // 100 ms were made up
  pace.received(50, 100 * kSecond_ns);
  CHECK(pace.next_ns() == 100 * kSecond_ns + kSecond_ns / 20);
}

TEST_CASE("one read matches the rate, and is at least one byte") {
  CHECK(ReadPace(1).max_bytes() == 1);
  CHECK(ReadPace(1000).max_bytes() == 50);
  CHECK(ReadPace(1).system_buffer_bytes() == 4096);
  CHECK(ReadPace(1'000'000'000).system_buffer_bytes() == 65'536);
}

TEST_CASE("a reader is kept waiting by less than half of its rate") {
  ReadPace half(1000);
  ReadPace less(1000);
  half.start(0);
  less.start(0);
  for (std::int64_t now_ns = kSecond_ns / 10; now_ns <= 60 * kSecond_ns;
       now_ns += kSecond_ns / 10) {
    half.received(50, now_ns);
    less.received(25, now_ns);
  }
  CHECK(60 * kSecond_ns - half.waiting_from_ns() <= kSecond_ns / 10);
  CHECK(60 * kSecond_ns - less.waiting_from_ns() == 30 * kSecond_ns);
  less.wait_from(60 * kSecond_ns);
  CHECK(less.waiting_from_ns() == 60 * kSecond_ns);
}

TEST_CASE("a reader that is not ready does not wait") {
  ReadPace pace(1);
  pace.start(0);
  for (std::int64_t now_ns = kSecond_ns; now_ns <= 20 * kSecond_ns; now_ns += kSecond_ns) {
    pace.received(1, now_ns);
    CHECK(pace.waiting_from_ns() >= pace.next_ns());
    pace.wait_from(now_ns + kSecond_ns / 2);
    CHECK(pace.waiting_from_ns() >= pace.next_ns());
  }
}

TEST_SUITE_END();
