#include "fleet/zone_spread.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using oversoak::fleet::ZoneSpread;

namespace {

constexpr std::int64_t kPatience_ns = 1000;

// Times from when each was due to its last member.
struct Spreads {
  void deliver(std::uint64_t number, std::int64_t intended_ns, std::int64_t now_ns,
               bool timed = true) {
    zone.delivered(number, intended_ns, now_ns, timed, [this](const auto& one) { note(one); });
  }
  void finish() {
    zone.finish([this](const auto& one) { note(one); });
  }
  void note(const ZoneSpread::Spread& spread) {
    all.push_back(spread.last_ns - spread.intended_ns);
  }

  ZoneSpread zone{kPatience_ns};
  std::vector<std::int64_t> all;
};

}  // namespace

TEST_SUITE("zone spread") {
  TEST_CASE("the last member counts, whatever comes meanwhile") {
    Spreads spreads;
    spreads.deliver(1, 100, 110);
    spreads.deliver(2, 105, 112);
    spreads.deliver(1, 100, 130);
    spreads.deliver(2, 105, 115);
    CHECK(spreads.all.empty());
    spreads.finish();
    CHECK(spreads.all == std::vector<std::int64_t>{30, 10});
    spreads.finish();
    CHECK(spreads.all.size() == 2);
  }

  TEST_CASE("a number is kept for as long as it may come to somebody") {
    Spreads spreads;
    for (std::uint64_t number = 1; number <= 200; ++number) {
      spreads.deliver(number, 0, static_cast<std::int64_t>(number));
    }
    CHECK(spreads.all.empty());
    spreads.deliver(1, 0, 900);  // the slowest member
    for (std::uint64_t number = 201; number <= 1000; ++number) {
      spreads.deliver(number, 5000, 5000);
    }
    spreads.finish();
    REQUIRE(spreads.all.size() == 1000);
    CHECK(std::ranges::count(spreads.all, 900) == 1);
  }

  TEST_CASE("without the time of one member there is none of the last") {
    Spreads spreads;
    spreads.deliver(1, 100, 110);
    spreads.deliver(1, 100, 120, false);
    spreads.deliver(2, 100, 120, false);
    spreads.deliver(2, 100, 130);
    spreads.deliver(3, 100, 140);
    spreads.finish();
    CHECK(spreads.all == std::vector<std::int64_t>{40});
  }
}
