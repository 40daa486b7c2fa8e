#include "fleet/first_errors.h"

#include <doctest/doctest.h>

using namespace oversoak::fleet;

TEST_SUITE_BEGIN("first errors");

TEST_CASE("the first of each class are kept, over all threads, oldest first") {
  FirstErrors one;
  FirstErrors other;
  for (std::int64_t i = 0; i < 20; ++i) {
    if (one.wants(FleetError::corrupt)) {
      one.note({.error = FleetError::corrupt, .session = 1, .at_ns = 2 * i});
    }
    if (other.wants(FleetError::corrupt)) {
      other.note({.error = FleetError::corrupt, .session = 2, .at_ns = 2 * i + 1});
    }
  }
  other.note({.error = FleetError::duplicate, .session = 2, .at_ns = 100});
  CHECK_FALSE(one.wants(FleetError::corrupt));
  CHECK(one.wants(FleetError::duplicate));
  std::vector<ErrorEvidence> all;
  one.copy_to(all);
  other.copy_to(all);
  const std::vector<ErrorEvidence> first = FirstErrors::first_of(all);
  REQUIRE(first.size() == FirstErrors::kMaxOfClass + 1);
  for (std::size_t i = 0; i < FirstErrors::kMaxOfClass; ++i) {
    CHECK(first[i].at_ns == static_cast<std::int64_t>(i));
  }
  CHECK(first.back().error == FleetError::duplicate);
}

TEST_SUITE_END();
