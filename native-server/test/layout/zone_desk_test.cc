#include "layout/zone_desk.h"

#include <doctest/doctest.h>

#include <vector>

#include "layout/ticks.h"
#include "os/clock.h"
#include "wire/zone.h"

using namespace oversoak;
using layout::ZoneMessage;
using layout::ZoneRef;
using Kind = ZoneMessage::Kind;

namespace {

constexpr std::uint32_t kZone = 4;
constexpr game::ZoneTickSettings kTicks{1000, 100};
constexpr std::int64_t kTick_ns = 1'000'000;

// Another thread, as the desk sees it.
class Home final : public layout::ZoneHome {
 public:
  void post(ZoneRef message) override { posted.push_back(std::move(message)); }
  void take(ZoneRef) override { FAIL("the desk is not on this thread"); }

  std::vector<ZoneRef> take_ticks() {
    std::vector<ZoneRef> ticks;
    for (ZoneRef& message : posted) {
      if (message->kind == Kind::tick) ticks.push_back(std::move(message));
    }
    posted.clear();
    return ticks;
  }

  std::vector<ZoneRef> posted;
};

struct Desk {
  layout::ZonePool<ZoneMessage> said;
  layout::ZoneTickPool pool;
  Home home;
  layout::ZoneDesk desk{kTicks, pool};

  void say(Kind kind, std::uint32_t zone = kZone) {
    ZoneMessage& message = said.take();
    message.kind = kind;
    message.zone = zone;
    message.home = &home;
    desk.order(ZoneRef(message));
  }
};

void wait_until(std::int64_t until_ns) {
  while (os::now_ns() < until_ns) {
  }
}

std::int64_t due_ns_of(const ZoneRef& tick) {
  return wire::header_of(wire::frame_of(tick->bytes)).intended_ns;
}

}  // namespace

TEST_SUITE("zone desk") {
  TEST_CASE("a zone ticks while it has members") {
    Desk on;
    CHECK(on.desk.next_tick_ns() == layout::ZoneTicks::kNever);
    const std::int64_t before_ns = os::now_ns();
    on.say(Kind::join);
    const std::int64_t first_ns = on.desk.next_tick_ns();
    CHECK(first_ns >= before_ns + kTick_ns);
    CHECK(first_ns <= os::now_ns() + kTick_ns);
    wait_until(first_ns);
    on.desk.run_ticks();
    const auto ticks = on.home.take_ticks();
    REQUIRE(ticks.size() == 1);
    CHECK(ticks[0]->number == 1);
    CHECK(due_ns_of(ticks[0]) == first_ns);
    on.say(Kind::leave);
    CHECK(on.home.posted.back()->number == 1);
    wait_until(on.desk.next_tick_ns());
    on.desk.run_ticks();
    CHECK(on.home.take_ticks().empty());
    CHECK(on.desk.next_tick_ns() == layout::ZoneTicks::kNever);
    CHECK(on.desk.figures().ticks.load() == 1);
  }

  TEST_CASE("a late tick is sent once, the missed ones are counted, and the schedule is kept") {
    Desk on;
    on.say(Kind::join);
    const std::int64_t first_ns = on.desk.next_tick_ns();
    wait_until(first_ns + 5 * kTick_ns);
    on.desk.run_ticks();
    const auto ticks = on.home.take_ticks();
    REQUIRE(ticks.size() == 1);
    CHECK(due_ns_of(ticks[0]) == first_ns);
    const auto& figures = on.desk.figures();
    CHECK(figures.ticks.load() == 1);
    CHECK(figures.ticks_skipped.load() >= 5);
    const std::int64_t next_ns = on.desk.next_tick_ns();
    CHECK((next_ns - first_ns) % kTick_ns == 0);
    const auto due = figures.ticks.load() + figures.ticks_skipped.load();
    CHECK(next_ns == first_ns + static_cast<std::int64_t>(due) * kTick_ns);
    metrics::HistogramCounts lateness(metrics::kHistogramBuckets);
    figures.tick_lateness->add_to(lateness);
    std::uint64_t late = 0;
    for (std::size_t i = metrics::histogram_index(5 * kTick_ns); i < lateness.size(); ++i) {
      late += lateness[i];
    }
    CHECK(late == 1);
  }

  TEST_CASE("a zone that ended and began again ticks by its new beginning alone") {
    Desk on;
    on.say(Kind::join);
    const std::int64_t old_ns = on.desk.next_tick_ns();
    on.say(Kind::gone);
    wait_until(os::now_ns() + 10'000);
    on.say(Kind::join);
    wait_until(old_ns + kTick_ns);
    on.desk.run_ticks();
    const auto ticks = on.home.take_ticks();
    REQUIRE(ticks.size() == 1);
    CHECK(due_ns_of(ticks[0]) > old_ns);
    CHECK(ticks[0]->number == 1);
  }

  TEST_CASE("zones tick by themselves, on the numbers of their broadcasts") {
    Desk on;
    on.say(Kind::join, 1);
    on.say(Kind::join, 2);
    wait_until(os::now_ns() + 2 * kTick_ns);
    on.desk.run_ticks();
    std::vector<std::uint32_t> zones;
    for (const ZoneRef& tick : on.home.take_ticks()) {
      CHECK(tick->number == 1);
      zones.push_back(tick->zone);
    }
    CHECK(zones == std::vector<std::uint32_t>{1, 2});
    on.say(Kind::leave, 2);
    CHECK(on.home.posted.back()->number == 1);
  }

  TEST_CASE("without ticks there are none") {
    layout::ZoneTickPool pool;
    layout::ZonePool<ZoneMessage> said;
    Home home;
    layout::ZoneDesk desk({}, pool);
    ZoneMessage& join = said.take();
    join.kind = Kind::join;
    join.home = &home;
    desk.order(ZoneRef(join));
    CHECK(desk.next_tick_ns() == layout::ZoneTicks::kNever);
    CHECK_FALSE(desk.figures().tick_lateness);
    home.posted.clear();
  }
}
