#include "fleet/stages.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <thread>

#include "random.h"

using namespace oversoak::fleet;
using oversoak::Random;
using oversoak::wire::Stamps;

namespace {

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kHour_ns = 3'600'000'000'000;

std::int64_t sum(const StageTimes& times) {
  return times[Stage::client] + times[Stage::network_wake] + times[Stage::lock] +
         times[Stage::queue] + times[Stage::work] + times[Stage::send] + times[Stage::fan_out];
}

// Due at 100, sent at 110, back at 1000.
StageTimes split(const Stamps& stamps) { return split_latency(100, 110, 1000, stamps); }

void check_all_network(const StageTimes& times) {
  CHECK(times[Stage::client] == 10);
  CHECK(times[Stage::network_wake] == 890);
  CHECK(sum(times) == 900);
}

}  // namespace

TEST_SUITE_BEGIN("stages");

TEST_CASE("each stage is a difference of one clock, and they add up to the latency") {
  constexpr std::int64_t kServer_ns = 7'000'000'000'000'000'000;  // has nothing to do with ours
  const StageTimes times =
      split({kServer_ns, kServer_ns + 1, kServer_ns + 3, kServer_ns + 7, kServer_ns + 15});
  CHECK(times[Stage::client] == 10);
  CHECK(times[Stage::lock] == 1);
  CHECK(times[Stage::queue] == 2);
  CHECK(times[Stage::work] == 4);
  CHECK(times[Stage::send] == 8);
  CHECK(times[Stage::network_wake] == 890 - 15);
  CHECK(sum(times) == 900);
}

TEST_CASE("of a delivery the time from its number on is the fan-out") {
  const StageTimes times = split({5, 6, 8, 12, 300, 20});
  CHECK(times[Stage::work] == 4);
  CHECK(times[Stage::send] == 8);
  CHECK(times[Stage::fan_out] == 280);
  CHECK(sum(times) == 900);
  // A number that was given before the work, or after the send.
  check_all_network(split({5, 6, 8, 12, 300, 11}));
  check_all_network(split({5, 6, 8, 12, 300, 301}));
}

TEST_CASE("a server that took the whole time leaves a network time of 0") {
  const StageTimes times = split({0, 0, 0, 890, 890});
  CHECK(times[Stage::network_wake] == 0);
  CHECK(times[Stage::work] == 890);
}

TEST_CASE("with impossible stamps all time counts as the network's") {
  check_all_network(split({}));
  check_all_network(split({5, 4, 6, 7, 8}));                      // back in time
  check_all_network(split({5, 6, 7, 8, 7}));                      // at the end as well
  check_all_network(split({0, 0, 0, 0, 891}));                    // longer than the echo took
  check_all_network(split({0, 500, 1000, 1000, 1000}));           // only all of it too long
  check_all_network(split({kLowest, kHighest, kLowest, 0, 1}));   // no difference fits
  check_all_network(split({kHighest, kLowest, kLowest, 0, -1}));  // nor here
}

// Due at 0, sent at 1,000, and 2,000 away: 10 in the lock, 1,500 in the queue, 90 at work.
TEST_CASE("what the fleet stood still is taken off the client's and the network's part first") {
  const StageTimes times = split_latency(0, 1000, 3000, {0, 10, 1510, 1600, 1600});
  CHECK(times[Stage::network_wake] == 400);
  const StageTimes before = without(times, 300, 0);
  CHECK(before[Stage::client] == 700);
  CHECK(before[Stage::network_wake] == 400);
  const StageTimes both = without(times, 300, 300);
  CHECK(both[Stage::client] == 700);
  CHECK(both[Stage::network_wake] == 100);
  CHECK(both[Stage::queue] == 1500);
  // More than was away from the server: of the client's, and then of the longest.
  const StageTimes most = without(times, 0, 2000);
  CHECK(most[Stage::client] == 0);
  CHECK(most[Stage::network_wake] == 0);
  CHECK(most[Stage::queue] == 900);
  CHECK(most[Stage::work] == 90);
  CHECK(sum(most) == 1000);
  CHECK(sum(without(times, 5000, 5000)) == 0);
}

TEST_CASE("random stamps: nothing below 0, and always the whole latency") {
  Random random(1);
  const auto near = [&random] { return static_cast<std::int64_t>(random.below(400)); };
  const auto any = [&random] { return static_cast<std::int64_t>(random.next()); };
  for (int i = 0; i < 100'000; ++i) {
    const bool wild = random.below(4) == 0;
    const auto stamp = [&] { return wild ? any() : near(); };
    const StageTimes times = split({stamp(), stamp(), stamp(), stamp(), stamp()});
    REQUIRE(sum(times) == 900);
    for (const std::int64_t stage : times.by_stage_ns) REQUIRE(stage >= 0);
  }
}

TEST_CASE("rows are an eighth of an octave wide, without a gap") {
  for (std::size_t row = 0; row + 1 < kStageRows; ++row) {
    CAPTURE(row);
    const std::int64_t first = stage_row_at_least_ns(row);
    const std::int64_t next = stage_row_at_least_ns(row + 1);
    REQUIRE(first < next);
    REQUIRE((next - first) * 8 <= std::max<std::int64_t>(first, 8));
    if (next > kHour_ns) continue;
    REQUIRE(stage_row(first) == row);
    REQUIRE(stage_row(next - 1) == row);
  }
}

TEST_CASE("latencies beyond the range count at its ends") {
  CHECK(stage_row(-1) == 0);
  CHECK(stage_row(kHour_ns) < kStageRows);
  CHECK(stage_row(kHighest) == stage_row(kHour_ns));
}

TEST_CASE("a table adds up what was recorded, and tables add up") {
  const auto one = std::make_unique<StageTable>();
  const auto other = std::make_unique<StageTable>();
  one->record({{1, 2, 3, 4, 5, 5}});      // 20: the row of 20 and 21
  one->record({{0, 0, 0, 0, 1, 20}});     // 21
  one->record({{0, 22, 0, 0, 0, 0}});     // the next row
  other->record({{10, 10, 0, 0, 0, 0}});  // 20
  StageRows rows{};
  one->add_to(rows);
  other->add_to(rows);
  const StageRow& row = rows[stage_row(20)];
  CHECK(stage_row_at_least_ns(stage_row(20)) == 20);
  CHECK(row.count == 3);
  CHECK(row.sums_ns[Stage::client] == 11);
  CHECK(row.sums_ns[Stage::network_wake] == 12);
  CHECK(row.sums_ns[Stage::lock] == 3);
  CHECK(row.sums_ns[Stage::queue] == 4);
  CHECK(row.sums_ns[Stage::work] == 6);
  CHECK(row.sums_ns[Stage::send] == 25);
  CHECK(rows[stage_row(22)].count == 1);
  std::uint64_t count = 0;
  for (const StageRow& each : rows) count += each.count;
  CHECK(count == 4);
}

// What ThreadSanitizer is for: one thread records while another reads.
TEST_CASE("a reader sees some recent value while the writer records") {
  const auto table = std::make_unique<StageTable>();
  constexpr std::uint64_t kEchoes = 20'000;
  std::thread writer([&table] {
    for (std::uint64_t i = 0; i < kEchoes; ++i) table->record({{1, 2, 3, 4, 5, 6}});
  });
  std::uint64_t before = 0;
  while (before < kEchoes) {
    StageRows rows{};
    table->add_to(rows);
    const StageRow& row = rows[stage_row(21)];
    REQUIRE(row.count >= before);
    before = row.count;
  }
  writer.join();
}

TEST_SUITE_END();
