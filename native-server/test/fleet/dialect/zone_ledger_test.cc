#include "fleet/dialect/zone_ledger.h"

#include <doctest/doctest.h>

using oversoak::fleet::ZoneLedger;
using Finding = ZoneLedger::Finding;

namespace {

ZoneLedger inside(std::uint64_t latest) {
  ZoneLedger ledger;
  CHECK(ledger.begin_join());
  CHECK(ledger.joined(latest));
  return ledger;
}

}  // namespace

TEST_SUITE("zone ledger") {
  TEST_CASE("each number once, in order, from the join to the leave") {
    ZoneLedger ledger = inside(7);
    CHECK(ledger.delivered(8, 0) == Finding::expected);
    CHECK(ledger.delivered(9, 0) == Finding::expected);
    CHECK(ledger.begin_leave());
    CHECK(ledger.delivered(10, 0) == Finding::expected);
    CHECK(ledger.left(10, 0));
    CHECK(ledger.has_left());
    CHECK(ledger.give_up() == 0);
  }

  TEST_CASE("a number that never came is missing, once: in time, or at the end") {
    ZoneLedger ledger = inside(0);
    CHECK(ledger.delivered(1, 0) == Finding::expected);
    CHECK(ledger.delivered(4, 0) == Finding::expected);
    CHECK(ledger.give_up(1000, 50) == 0);
    CHECK(ledger.give_up(1049, 50) == 0);
    CHECK(ledger.give_up(1050, 50) == 2);
    CHECK(ledger.give_up(2000, 50) == 0);
    CHECK(ledger.begin_leave());
    CHECK(ledger.left(7, 0));
    CHECK(ledger.give_up() == 3);
    CHECK(ledger.give_up() == 0);
  }

  TEST_CASE("what the server left out is not missing, and what it says beyond that cannot be") {
    ZoneLedger ledger = inside(0);
    CHECK(ledger.delivered(4, 3) == Finding::expected);
    CHECK(ledger.delivered(7, 1) == Finding::expected);
    CHECK(ledger.delivered(9, 2) == Finding::impossible);
    CHECK(ledger.begin_leave());
    CHECK_FALSE(ledger.left(6, 0));
    CHECK_FALSE(ledger.left(9, 3));
    CHECK(ledger.left(9, 2));
    CHECK(ledger.give_up() == 1);
  }

  TEST_CASE("a number that comes after a later one is out of order, and not missing") {
    ZoneLedger ledger = inside(0);
    CHECK(ledger.delivered(2, 0) == Finding::expected);
    CHECK(ledger.delivered(1, 0) == Finding::out_of_order);
    CHECK(ledger.delivered(1, 0) == Finding::duplicate);
    CHECK(ledger.delivered(2, 0) == Finding::duplicate);
    CHECK(ledger.delivered(3, 0) == Finding::expected);
    CHECK(ledger.give_up() == 0);
  }

  TEST_CASE("before the join and after the leave") {
    ZoneLedger ledger;
    CHECK_FALSE(ledger.joined(1));
    CHECK(ledger.delivered(1, 0) == Finding::impossible);
    CHECK_FALSE(ledger.begin_leave());
    CHECK(ledger.begin_join());
    CHECK_FALSE(ledger.begin_join());
    CHECK(ledger.delivered(1, 0) == Finding::impossible);
    CHECK(ledger.joined(5));
    CHECK_FALSE(ledger.joined(5));
    CHECK_FALSE(ledger.left(5, 0));
    CHECK(ledger.begin_leave());
    CHECK(ledger.left(5, 0));
    CHECK(ledger.delivered(6, 0) == Finding::after_leave);
    CHECK(ledger.delivered(5, 0) == Finding::after_leave);
    CHECK(ledger.give_up() == 0);
  }

  TEST_CASE("more gaps than it follows: what is absent longest is missing") {
    ZoneLedger ledger = inside(0);
    for (std::uint64_t number = 2; number <= 400; number += 2) {
      CHECK(ledger.delivered(number, 0) == Finding::expected);
    }
    CHECK(ledger.give_up(1000, 50) == 200 - 64);
    CHECK(ledger.give_up() == 64);
  }
}
