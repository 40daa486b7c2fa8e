#include "fleet/stall_watch.h"

#include <doctest/doctest.h>

using oversoak::fleet::StallWatch;

namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;

}  // namespace

TEST_SUITE_BEGIN("stall watch");

TEST_CASE("a thread that wakes on time has not stood still, however long it waited") {
  StallWatch watch(0);
  watch.waits_until(60'000 * kMillisecond_ns);
  CHECK(watch.stood_still_since(60'000 * kMillisecond_ns) == 0);
  watch.waits_until(60'050 * kMillisecond_ns);
  CHECK(watch.stood_still_since(60'054 * kMillisecond_ns) == 0);
}

TEST_CASE("a thread that wakes 5 ms late stood still since its planned time") {
  StallWatch watch(0);
  watch.waits_until(50 * kMillisecond_ns);
  CHECK(watch.stood_still_since(55 * kMillisecond_ns) == 50 * kMillisecond_ns);
  CHECK(watch.stood_still_since(59 * kMillisecond_ns) == 0);
}

TEST_CASE("a thread that is stopped while it works stood still since its last report") {
  StallWatch watch(0);
  CHECK(watch.stood_still_since(10 * kMillisecond_ns) == 0);
  CHECK(watch.stood_still_since(2'010 * kMillisecond_ns) == 10 * kMillisecond_ns);
}

TEST_CASE("a wait that ended early leaves no grace") {
  StallWatch watch(0);
  watch.waits_until(1'000 * kMillisecond_ns);
  CHECK(watch.stood_still_since(10 * kMillisecond_ns) == 0);
  CHECK(watch.stood_still_since(200 * kMillisecond_ns) == 10 * kMillisecond_ns);
}

TEST_SUITE_END();
