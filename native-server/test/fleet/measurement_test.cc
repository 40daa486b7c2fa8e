#include "fleet/measurement.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <numeric>

using namespace oversoak::fleet;
using oversoak::metrics::HistogramCounts;
namespace io = oversoak::io;

namespace {

constexpr std::int64_t kSecond_ns = 1'000'000'000;
constexpr std::int64_t kMillisecond_ns = 1'000'000;
constexpr std::int64_t kStart_ns = 50 * kSecond_ns;

MeasurementSpan seconds(int count) {
  return {kStart_ns, kStart_ns + count * kSecond_ns, kSecond_ns};
}

std::uint64_t total(const oversoak::metrics::Histogram& histogram) {
  HistogramCounts counts(oversoak::metrics::kHistogramBuckets);
  histogram.add_to(counts);
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint64_t total(const MeasuredWindow& window) {
  std::uint64_t sum = 0;
  for (const auto& [bucket, count] : window.intended) sum += count;
  return sum;
}

std::size_t bucket(std::int64_t latency_ns) {
  return oversoak::metrics::histogram_index(latency_ns);
}

std::uint64_t counted(const oversoak::metrics::Histogram& histogram, std::int64_t latency_ns) {
  HistogramCounts counts(oversoak::metrics::kHistogramBuckets);
  histogram.add_to(counts);
  return counts[bucket(latency_ns)];
}

void answered(Measurement& measurement, std::int64_t due_ns, std::int64_t latency_ns) {
  measurement.due(due_ns);
  measurement.sent(due_ns, Departure::on_time, due_ns);
  measurement.echoed({due_ns, 0, due_ns, due_ns + latency_ns}, {}, true);
}

}  // namespace

TEST_SUITE_BEGIN("measurement");

TEST_CASE("the server's clock is the fleet's until an echo or a tick shows another") {
  ServerClockCheck clock;
  CHECK(clock.answer() == ServerClock::unknown);
  clock.saw_tick(500, 600);
  CHECK(clock.answer() == ServerClock::unknown);
  clock.saw_echo(10'000, 11'000, 12'000, 13'000);
  CHECK(clock.answer() == ServerClock::shared);
  clock.saw_echo(20'000, 19'500, 30'400, 30'000);  // as two processors may read one clock
  CHECK(clock.answer() == ServerClock::shared);
  SUBCASE("it had a message before it was sent") { clock.saw_echo(10'000, 5'000, 12'000, 13'000); }
  SUBCASE("it sent an echo after that had come") { clock.saw_echo(10'000, 11'000, 90'000, 13'000); }
  SUBCASE("it built a tick after that had come") { clock.saw_tick(90'000, 13'000); }
  SUBCASE("its times are of no clock") { clock.saw_echo(10'000, INT64_MIN, INT64_MAX, 13'000); }
  CHECK(clock.answer() == ServerClock::other);
  clock.saw_echo(10'000, 11'000, 12'000, 13'000);
  CHECK(clock.answer() == ServerClock::other);
}

TEST_CASE("a tick has a latency where server and fleet share a clock") {
  Measurement measurement(seconds(2), ZoneTraffic::deliveries_and_ticks);
  const TickDeliveries& ticks = *measurement.ticks();
  const auto tick = [&](std::int64_t due_ns, bool timed = true) {
    measurement.ticked(due_ns, due_ns + 1000, due_ns + 2 * kMillisecond_ns, timed);
  };
  tick(kStart_ns);  // nothing is known of the clock
  CHECK(ticks.count.load() == 0);
  CHECK(ticks.untimed.load() == 1);
  const std::int64_t sent_ns = kStart_ns - kMillisecond_ns;
  const oversoak::wire::Stamps stamps{.received_ns = sent_ns + 5, .sending_ns = sent_ns + 9};
  measurement.saw_server(sent_ns, stamps, kStart_ns);
  tick(kStart_ns - 1);                   // due before the measurement, and came in it
  tick(kStart_ns + 2 * kSecond_ns - 1);  // due in it, and came behind it
  tick(kStart_ns + 2 * kSecond_ns);
  tick(kStart_ns, false);
  CHECK(ticks.count.load() == 1);
  CHECK(counted(ticks.latency, 2 * kMillisecond_ns) == 1);
  CHECK(ticks.untimed.load() == 2);
  // By another clock it counts where it came.
  measurement.saw_server(sent_ns, {.received_ns = sent_ns - kSecond_ns, .sending_ns = sent_ns},
                         kStart_ns);
  measurement.ticked(7, 8, kStart_ns, true);
  measurement.ticked(kStart_ns, kStart_ns, kStart_ns - 1, true);
  CHECK(ticks.count.load() == 1);
  CHECK(ticks.untimed.load() == 3);
}

TEST_CASE("a message belongs to the measurement in which it was due, whenever it ends") {
  Measurement measurement(seconds(2));
  answered(measurement, kStart_ns - 1, kSecond_ns);  // comes within it
  answered(measurement, kStart_ns, kMillisecond_ns);
  answered(measurement, kStart_ns + 2 * kSecond_ns - 1, 5 * kSecond_ns);  // comes behind it
  answered(measurement, kStart_ns + 2 * kSecond_ns, kMillisecond_ns);
  CHECK(measurement.load().due.load() == 2);
  CHECK(measurement.load().echoed.load() == 2);
  CHECK(total(measurement.latency_intended()) == 2);
  CHECK(total(measurement.latency_actual()) == 2);
}

TEST_CASE("without a span all is measured, in no windows") {
  Measurement measurement({});
  answered(measurement, 1, kMillisecond_ns);
  CHECK(measurement.load().due.load() == 1);
  CHECK(measurement.take_windows().empty());
}

TEST_CASE("a window takes echoes for as long as they come") {
  constexpr int kWindows = 60;
  Measurement measurement(seconds(kWindows));
  for (int second = 0; second < kWindows; ++second) {
    const std::int64_t due_ns = kStart_ns + second * kSecond_ns;
    answered(measurement, due_ns, kMillisecond_ns);
    // Of the first window, when it has long been packed; twice at one latency.
    measurement.due(kStart_ns);
    measurement.sent(kStart_ns, Departure::held, kStart_ns);
    measurement.echoed({kStart_ns, 0, kStart_ns, kStart_ns + (second / 2) * kSecond_ns}, {}, true);
  }
  const auto windows = measurement.take_windows();
  REQUIRE(windows.size() == kWindows);
  CHECK(windows[0].load.due == 1 + kWindows);
  CHECK(windows[0].load.held == kWindows);
  CHECK(total(windows[0]) == 1 + kWindows);
  std::uint64_t at_29_s = 0;
  for (const auto& [place, count] : windows[0].intended) {
    if (place == bucket(29 * kSecond_ns)) at_29_s += count;
  }
  CHECK(at_29_s == 2);
  for (int second = 1; second < kWindows; ++second) {
    CHECK(windows[second].load.due == 1);
    CHECK(total(windows[second]) == 1);
  }
}

TEST_CASE("messages after the last whole window are in the totals only") {
  Measurement measurement({kStart_ns, kStart_ns + kSecond_ns * 5 / 2, kSecond_ns});
  answered(measurement, kStart_ns + kSecond_ns * 9 / 4, kMillisecond_ns);
  CHECK(measurement.load().due.load() == 1);
  const auto windows = measurement.take_windows();
  REQUIRE(windows.size() == 2);
  CHECK(windows[0].load.due + windows[1].load.due == 0);
}

TEST_CASE(
    "a message that waited for room and left after its window, or the measurement, was not in "
    "time") {
  Measurement measurement({kStart_ns, kStart_ns + 4 * kSecond_ns, kSecond_ns});
  const auto held = [&](std::int64_t due_ms, std::int64_t left_ms, Departure departure) {
    measurement.due(kStart_ns + due_ms * kMillisecond_ns);
    measurement.sent(kStart_ns + due_ms * kMillisecond_ns, departure,
                     kStart_ns + left_ms * kMillisecond_ns);
  };
  held(500, 999, Departure::held);    // within its window
  held(950, 1050, Departure::held);   // behind it, but hardly
  held(500, 1500, Departure::late);   // by the fleet
  held(-500, 9000, Departure::held);  // due before the measurement
  held(500, 1000, Departure::held);
  held(600, 2999, Departure::held);
  held(700, 2000, Departure::held);
  held(3500, 4500, Departure::held);
  held(3500, 9000, Departure::held);
  CHECK(measurement.load().after_end.load() == 2);
  const auto windows = measurement.take_windows();
  REQUIRE(windows.size() == 4);
  CHECK(windows[0].load.after_end == 3);
  CHECK(windows[0].left_later == SparseCounts{{1, 1}, {2, 2}});
  CHECK(windows[1].load.after_end == 0);
  CHECK(windows[3].load.after_end == 2);
  CHECK(windows[3].left_later == SparseCounts{{1, 1}, {6, 1}});
}

TEST_CASE("a message that is never echoed, or never sent, counts with its age") {
  Measurement measurement(seconds(10));
  const std::int64_t due_ns = kStart_ns + kSecond_ns;
  measurement.due(due_ns);
  measurement.sent(due_ns, Departure::on_time, due_ns);
  measurement.unanswered({due_ns, 0, due_ns + kMillisecond_ns, due_ns + 7 * kSecond_ns}, true);
  measurement.due(due_ns);
  measurement.held_to_the_end({due_ns, 0, 0, due_ns + 8 * kSecond_ns});
  CHECK(measurement.load().unanswered.load() == 1);
  CHECK(measurement.load().unsent[static_cast<std::size_t>(Unsent::held)].load() == 1);
  HistogramCounts counts(oversoak::metrics::kHistogramBuckets);
  measurement.latency_intended().add_to(counts);
  CHECK(counts[bucket(7 * kSecond_ns)] == 1);
  CHECK(counts[bucket(8 * kSecond_ns)] == 1);
  CHECK(total(measurement.latency_actual()) == 1);
}

TEST_CASE("a message due before a stall of the fleet and echoed after it is in no latency") {
  Measurement measurement(seconds(10));
  const std::int64_t from_ns = kStart_ns + kSecond_ns;
  answered(measurement, from_ns - 2 * kMillisecond_ns, kMillisecond_ns);
  measurement.due(from_ns - kMillisecond_ns);
  measurement.sent(from_ns - kMillisecond_ns, Departure::on_time, from_ns);
  measurement.stood_still(from_ns, from_ns + 2 * kSecond_ns);
  measurement.echoed({from_ns - kMillisecond_ns, 0, from_ns, from_ns + 2 * kSecond_ns}, {}, true);
  measurement.answered(from_ns + 2 * kSecond_ns, from_ns + 2 * kSecond_ns + kMillisecond_ns, 0);
  answered(measurement, from_ns + 2 * kSecond_ns + kMillisecond_ns, kMillisecond_ns);
  CHECK(measurement.load().echoed.load() == 3);
  CHECK(measurement.load().disturbed.load() == 1);
  CHECK(counted(measurement.latency_disturbed(), 2 * kSecond_ns + kMillisecond_ns) == 1);
  CHECK(counted(measurement.latency_disturbed_least(), 0) == 1);
  CHECK(total(measurement.latency_intended()) == 2);
  CHECK(measurement.stalls().load() == 1);
  CHECK(measurement.stalled_ns().load() == 2 * kSecond_ns);
}

TEST_CASE("a stall that is short compared with a latency is subtracted from it") {
  Measurement measurement(seconds(10));
  const std::int64_t due_ns = kStart_ns + kSecond_ns;
  measurement.due(due_ns);
  measurement.sent(due_ns, Departure::on_time, due_ns);
  measurement.stood_still(due_ns + kSecond_ns, due_ns + kSecond_ns + 150 * kMillisecond_ns);
  measurement.stood_still(due_ns + 3 * kSecond_ns, due_ns + 3 * kSecond_ns + 150 * kMillisecond_ns);
  measurement.echoed({due_ns, 0, due_ns, due_ns + 3300 * kMillisecond_ns}, {}, true);
  measurement.echoed({due_ns, 0, due_ns, due_ns + 4 * kSecond_ns}, {}, true);
  // Sent only after the stalls, which may have kept it from that.
  const std::int64_t sent_ns = due_ns + 3500 * kMillisecond_ns;
  measurement.echoed({due_ns, 0, sent_ns, due_ns + 5 * kSecond_ns}, {}, true);
  CHECK(measurement.load().disturbed.load() == 0);
  CHECK(counted(measurement.latency_intended(), 3000 * kMillisecond_ns) == 1);
  CHECK(counted(measurement.latency_intended(), 4 * kSecond_ns) == 1);  // came long after them
  CHECK(counted(measurement.latency_intended(), 4700 * kMillisecond_ns) == 1);
  CHECK(total(measurement.latency_actual()) == 3);
}

TEST_CASE("what a stall of the fleet does not explain is the least that a message took") {
  Measurement measurement(seconds(10));
  const std::int64_t from_ns = kStart_ns + kSecond_ns;
  const std::int64_t to_ns = from_ns + 200 * kMillisecond_ns;
  measurement.stood_still(from_ns, to_ns);
  // Due behind it while it is felt; the server stands still for 1.8 s then.
  const std::int64_t due_ns = to_ns + 10 * kMillisecond_ns;
  measurement.due(due_ns);
  measurement.sent(due_ns, Departure::on_time, due_ns);
  measurement.echoed({due_ns, 0, due_ns, due_ns + 1800 * kMillisecond_ns}, {}, true);
  // The fleet sent it late, and may have read as late.
  const std::int64_t lag_ns = 150 * kMillisecond_ns;
  const std::int64_t ready_ns = from_ns + 50 * kMillisecond_ns + lag_ns;
  measurement.due(ready_ns - lag_ns);
  measurement.sent(ready_ns - lag_ns, Departure::late, ready_ns);
  measurement.echoed({ready_ns - lag_ns, lag_ns, ready_ns, ready_ns + kSecond_ns}, {}, true);
  CHECK(measurement.load().disturbed.load() == 2);
  CHECK(counted(measurement.latency_disturbed(), 1800 * kMillisecond_ns) == 1);
  CHECK(counted(measurement.latency_disturbed_least(), 1400 * kMillisecond_ns) == 1);
  CHECK(counted(measurement.latency_disturbed(), kSecond_ns) == 1);
  CHECK(counted(measurement.latency_disturbed_least(), 450 * kMillisecond_ns) == 1);
}

TEST_CASE("a short stall disturbs latencies, but is no gap in the load") {
  Measurement measurement(seconds(10));
  const std::int64_t due_ns = kStart_ns + kSecond_ns;
  measurement.due(due_ns);
  measurement.sent(due_ns, Departure::on_time, due_ns);
  measurement.stood_still(due_ns, due_ns + 15 * kMillisecond_ns);
  measurement.echoed({due_ns, 0, due_ns, due_ns + 15 * kMillisecond_ns}, {}, true);
  CHECK(measurement.load().disturbed.load() == 1);
  CHECK(counted(measurement.latency_disturbed(), 15 * kMillisecond_ns) == 1);
  CHECK(total(measurement.latency_intended()) == 0);
  CHECK(measurement.stalls().load() == 0);
  CHECK(measurement.stood_still_since_ns(due_ns - 1) == 15 * kMillisecond_ns);
}

TEST_CASE("a message that the fleet itself reset counts with its age, if requested") {
  Measurement measurement(seconds(10));
  const std::int64_t due_ns = kStart_ns + kSecond_ns;
  for (const bool timed : {true, false}) {
    measurement.due(due_ns);
    measurement.sent(due_ns, Departure::on_time, due_ns);
    measurement.reset({due_ns, 0, due_ns, due_ns + 3 * kSecond_ns}, timed);
  }
  CHECK(measurement.load().reset.load() == 2);
  CHECK(counted(measurement.latency_intended(), 3 * kSecond_ns) == 1);
  CHECK(total(measurement.latency_actual()) == 1);
}

TEST_CASE(
    "a message that overlaps too much with stalls, or with forgotten ones, is in no latency") {
  constexpr std::int64_t kForgotten = 600;
  constexpr std::int64_t kAll = Standstills::kRemembered + kForgotten;
  const std::int64_t due_ns = kStart_ns;
  const std::int64_t end_ns = due_ns + (10 * kAll + 1) * kSecond_ns;
  Measurement measurement({kStart_ns, end_ns, 0});
  for (std::int64_t i = 0; i < kAll; ++i) {
    const std::int64_t from_ns = due_ns + (i + 1) * 10 * kSecond_ns;
    measurement.stood_still(from_ns, from_ns + 100 * kMillisecond_ns);
  }
  for (const std::int64_t at_ns :
       {due_ns, due_ns + (10 * kForgotten + 5) * kSecond_ns, end_ns - 6 * kSecond_ns}) {
    measurement.due(at_ns);
    measurement.sent(at_ns, Departure::on_time, at_ns);
    measurement.unanswered({at_ns, 0, at_ns, end_ns}, true);
  }
  // All 6000 s in which stalls are forgotten count.
  CHECK(measurement.load().disturbed.load() == 1);
  CHECK(total(measurement.latency_disturbed()) == 1);
  CHECK(measurement.stood_still_since_ns(due_ns) < 6500 * kSecond_ns);
}

TEST_CASE("the fleet's own lateness is in no latency") {
  Measurement measurement(seconds(3));
  const std::int64_t due_ns = kStart_ns + kSecond_ns - 1;
  measurement.due(due_ns);
  measurement.sent(due_ns, Departure::late, due_ns);
  const std::int64_t lag_ns = 40 * kMillisecond_ns;
  const std::int64_t came_ns = due_ns + lag_ns;
  measurement.echoed({due_ns, lag_ns, came_ns, came_ns + 7 * kMillisecond_ns}, {}, true);
  HistogramCounts counts(oversoak::metrics::kHistogramBuckets);
  measurement.latency_intended().add_to(counts);
  CHECK(counts[bucket(7 * kMillisecond_ns)] == 1);
  const auto windows = measurement.take_windows();
  REQUIRE(windows[0].intended.size() == 1);
  CHECK(windows[0].intended[0].first == bucket(7 * kMillisecond_ns));
  CHECK(windows[0].load.late == 1);
}

TEST_CASE("a message that was late by more than a tenth of its latency is in none") {
  Measurement measurement(seconds(10));
  const std::int64_t due_ns = kStart_ns;
  const std::int64_t lag_ns = 120 * kMillisecond_ns;
  const std::int64_t came_ns = due_ns + lag_ns;
  measurement.echoed({due_ns, lag_ns, came_ns, came_ns + kSecond_ns}, {}, true);
  measurement.echoed({due_ns, lag_ns, came_ns, came_ns + 4 * kSecond_ns}, {}, true);
  CHECK(measurement.load().disturbed.load() == 1);
  CHECK(counted(measurement.latency_intended(), 4 * kSecond_ns) == 1);
}

TEST_CASE("what was in flight while the thread was far behind is in no latency") {
  Measurement measurement(seconds(10));
  // It gets to each message 120 ms after it was due: behind by that, not by the sum.
  const std::int64_t lag_ns = 120 * kMillisecond_ns;
  for (int ms = 0; ms < 500; ++ms) {
    measurement.behind(kStart_ns + kSecond_ns + ms * kMillisecond_ns, lag_ns);
  }
  CHECK(measurement.stood_still_since_ns(kStart_ns) == 499 * kMillisecond_ns + lag_ns);
  const std::int64_t sent_ns = kStart_ns + kSecond_ns;
  measurement.echoed({sent_ns, 0, sent_ns, sent_ns + 500 * kMillisecond_ns}, {}, true);
  CHECK(measurement.load().disturbed.load() == 1);
  SUBCASE("but not where that is a small part of its latency") {
    measurement.echoed({sent_ns, 0, sent_ns, sent_ns + 7 * kSecond_ns}, {}, true);
    CHECK(measurement.load().disturbed.load() == 1);
  }
}

TEST_CASE("a stall outside the measurement does not count") {
  Measurement measurement(seconds(1));
  measurement.stood_still(kStart_ns - 2 * kSecond_ns, kStart_ns - kSecond_ns);
  measurement.stood_still(kStart_ns + kSecond_ns, kStart_ns + 2 * kSecond_ns);
  CHECK(measurement.stalls().load() == 0);
}

TEST_CASE("errors count in the window in which they were noticed") {
  Measurement measurement(seconds(3));
  FleetErrorCounts errors{};
  errors[FleetError::connect_failed] = 5;
  measurement.note_errors(errors, kStart_ns - 1);  // of the warm-up
  errors[FleetError::connect_failed] = 7;
  measurement.note_errors(errors, kStart_ns + kSecond_ns);
  errors[FleetError::disconnected_by_server] = 1;
  measurement.note_errors(errors, kStart_ns + 3 * kSecond_ns);  // of the drain
  const auto windows = measurement.take_windows();
  CHECK(windows[0].errors == FleetErrorCounts{});
  CHECK(windows[1].errors[FleetError::connect_failed] == 2);
  CHECK(windows[2].errors == FleetErrorCounts{});
}

TEST_CASE("work and refused connects count as far as they lie in the measurement") {
  Measurement measurement(seconds(2));
  // From half a second before it to half a second behind it, with a pause in the second window.
  measurement.worked(kStart_ns - 500 * kMillisecond_ns, kStart_ns + 1250 * kMillisecond_ns);
  measurement.worked(kStart_ns + 1750 * kMillisecond_ns, kStart_ns + 2500 * kMillisecond_ns);
  measurement.worked(kStart_ns + 3 * kSecond_ns, kStart_ns + 4 * kSecond_ns);
  CHECK(measurement.busy_ns().load() == 1500 * kMillisecond_ns);
  const auto windows = measurement.take_windows();
  CHECK(windows[0].busy_ns == kSecond_ns);
  CHECK(windows[1].busy_ns == 500 * kMillisecond_ns);

  measurement.refused(kStart_ns - 400 * kMillisecond_ns, kStart_ns + 600 * kMillisecond_ns,
                      io::Error(24));
  measurement.refused(kStart_ns + kSecond_ns, kStart_ns + 2 * kSecond_ns, io::Error(99));
  measurement.refused(kStart_ns + 2 * kSecond_ns, kStart_ns + 3 * kSecond_ns, io::Error(99));
  CHECK(measurement.refusals().load() == 2);
  CHECK(measurement.refused_ns().load() == 1600 * kMillisecond_ns);
  CHECK(measurement.refusal() == io::Error(24));
}

TEST_SUITE_END();
