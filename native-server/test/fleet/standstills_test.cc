#include "fleet/standstills.h"

#include <doctest/doctest.h>

#include <cstdint>

#include "fleet/in_flight.h"
#include "fleet/measurement.h"

using namespace oversoak::fleet;

namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;
constexpr std::int64_t kSecond_ns = 1000 * kMillisecond_ns;
constexpr std::int64_t kStart_ns = 50 * kSecond_ns;

}  // namespace

TEST_SUITE_BEGIN("standstills");

TEST_CASE("a standstill is felt until no more messages are in flight than before it") {
  Standstills standstills;
  const std::int64_t to_ns = kStart_ns + 50 * kMillisecond_ns;
  const std::int64_t sent_ns = to_ns + 20 * kMillisecond_ns;
  const std::int64_t later_ns = to_ns + 40 * kMillisecond_ns;
  const auto since = [&](std::int64_t at_ns) { return standstills.felt_since_ns(at_ns, at_ns); };
  CHECK(since(sent_ns) == sent_ns);
  for (int second = -3; second < 0; ++second) {
    standstills.in_flight(kStart_ns + second * kSecond_ns, 3);
  }
  standstills.add(kStart_ns, to_ns);
  standstills.in_flight(sent_ns, 100);  // is not usual
  CHECK(since(sent_ns) == kStart_ns);
  CHECK(standstills.felt_since_ns(kStart_ns - 1, kStart_ns - 1) == kStart_ns - 1);
  CHECK(standstills.felt_since_ns(kStart_ns - 1, sent_ns) == kStart_ns - 1);

  SUBCASE("and as long as that is not so") {
    standstills.answered(sent_ns, later_ns, 4);
    CHECK(since(later_ns) == kStart_ns);
  }
  SUBCASE("of which those that were due in it say nothing") {
    standstills.answered(to_ns - 1, later_ns, 0);
    CHECK(since(later_ns) == kStart_ns);
  }
  SUBCASE("which ends it") {
    standstills.answered(to_ns, later_ns, 3);
    CHECK(since(later_ns) == later_ns);
    CHECK(since(sent_ns) == kStart_ns);
  }
  SUBCASE("at most for some times its length") {
    const std::int64_t end_ns = to_ns + Standstills::kFelt * (to_ns - kStart_ns);
    CHECK(since(end_ns - 1) == kStart_ns);
    CHECK(since(end_ns) == end_ns);
  }
  SUBCASE("each by itself") {
    const std::int64_t second_ns = later_ns + kMillisecond_ns;
    standstills.add(later_ns, second_ns);
    standstills.answered(to_ns, second_ns + 1, 3);
    CHECK(since(second_ns + 1) == later_ns);
    standstills.answered(second_ns, second_ns + 2, 3);
    CHECK(since(second_ns + 2) == second_ns + 2);
    CHECK(since(second_ns) == kStart_ns);
  }
  SUBCASE("also where it goes on") {
    standstills.answered(to_ns, sent_ns, 3);
    standstills.add(to_ns - 1, later_ns);
    CHECK(since(later_ns) == kStart_ns);
    standstills.answered(later_ns, later_ns + 1, 3);
    CHECK(since(later_ns + 1) == later_ns + 1);
  }
}

TEST_CASE("what is sent while a standstill is felt has as much more time for its answer") {
  Standstills standstills;
  const std::int64_t to_ns = kStart_ns + 400 * kMillisecond_ns;
  standstills.in_flight(kStart_ns - 2 * kSecond_ns, 1);
  standstills.in_flight(kStart_ns - kSecond_ns, 1);
  standstills.add(kStart_ns, to_ns);
  const auto age_ms = [&](std::int64_t now_ns) {
    const std::int64_t before_ns = standstills.overdue_before_ns(now_ns, 150 * kMillisecond_ns);
    return (now_ns - before_ns) / kMillisecond_ns;
  };
  const std::int64_t now_ns = to_ns + 2 * kSecond_ns;
  CHECK(age_ms(now_ns) == 550);
  CHECK(age_ms(to_ns + (Standstills::kFelt + 1) * 400 * kMillisecond_ns + kSecond_ns) == 150);
  standstills.answered(to_ns, to_ns + kSecond_ns, 1);
  CHECK(age_ms(now_ns) == 150);
}

TEST_CASE("a standstill is felt while the other threads of the fleet have more in flight") {
  FleetInFlight fleet{0};
  ThreadInFlight other(&fleet);
  Measurement measurement({kStart_ns - 4 * kSecond_ns, kStart_ns + 9 * kSecond_ns, 0},
                          ZoneTraffic::none, &fleet);
  for (int second = -3; second < 0; ++second) {
    other.publish(2);
    measurement.in_flight(kStart_ns + second * kSecond_ns, 1);
  }
  CHECK(other.of_fleet(2) == 3);
  const std::int64_t to_ns = kStart_ns + 400 * kMillisecond_ns;
  measurement.stood_still(kStart_ns, to_ns);
  other.publish(50);
  const auto is_disturbed = [&](std::int64_t due_ns) {
    const std::int64_t echoed_ns = due_ns + 100 * kMillisecond_ns;
    return !measurement.undisturbed({due_ns, 0, due_ns, echoed_ns}).has_value();
  };
  const std::int64_t later_ns = to_ns + 200 * kMillisecond_ns;
  measurement.answered(to_ns, later_ns, 0);
  CHECK(is_disturbed(later_ns));
  other.publish(1);
  measurement.answered(to_ns, later_ns + 1, 0);
  CHECK(is_disturbed(later_ns));
  CHECK(!is_disturbed(later_ns + 1));
}

// A message that waited for room sees standstills more often than one in the server.
TEST_CASE("a stall that is subtracted leaves the server's stages as they are") {
  Measurement measurement({kStart_ns, kStart_ns + 10 * kSecond_ns, 0});
  const std::int64_t due_ns = kStart_ns + kSecond_ns;
  const std::int64_t sent_ns = due_ns + 3 * kSecond_ns;
  const std::int64_t now_ns = sent_ns + 300 * kMillisecond_ns;
  measurement.stood_still(due_ns + kSecond_ns, due_ns + kSecond_ns + 150 * kMillisecond_ns);
  const oversoak::wire::Stamps stamps{1, 1, 1 + 290 * kMillisecond_ns, 1 + 299 * kMillisecond_ns,
                                      1 + 299 * kMillisecond_ns};
  const auto stages = measurement.split({due_ns, 0, sent_ns, now_ns}, stamps);
  REQUIRE(stages);
  CHECK((*stages)[Stage::client] == 2850 * kMillisecond_ns);
  CHECK((*stages)[Stage::network_wake] == kMillisecond_ns);
  CHECK((*stages)[Stage::queue] == 290 * kMillisecond_ns);
  CHECK((*stages)[Stage::work] == 9 * kMillisecond_ns);
}

TEST_SUITE_END();
