#include "fleet/churn.h"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace oversoak::fleet;
using oversoak::Random;

namespace {

constexpr std::int64_t kStart_ns = 1'000'000'000'000;
constexpr std::int64_t kSecond_ns = 1'000'000'000;

int due_until(Churn& churn, std::int64_t now_ns) {
  int count = 0;
  while (churn.due(now_ns)) ++count;
  return count;
}

}  // namespace

TEST_SUITE_BEGIN("churn");

TEST_CASE("disconnects come at the rate, the first at the start") {
  Churn churn(4, 0, kStart_ns);
  CHECK(due_until(churn, kStart_ns - 1) == 0);
  CHECK(due_until(churn, kStart_ns) == 1);
  CHECK(due_until(churn, kStart_ns + kSecond_ns / 4 - 1) == 0);
  CHECK(due_until(churn, kStart_ns + kSecond_ns / 4) == 1);
  CHECK(due_until(churn, kStart_ns + 100 * kSecond_ns) == 399);
}

TEST_CASE("no rate, no disconnect") {
  Churn churn(0, 1, kStart_ns);
  CHECK(!churn.due(kStart_ns + 1000 * kSecond_ns));
}

TEST_CASE("the share of the abortive ones") {
  for (const double share : {0.0, 0.25, 1.0}) {
    CAPTURE(share);
    const Churn churn(1, share, kStart_ns);
    Random random(1);
    int abortive = 0;
    for (int i = 0; i < 10'000; ++i) abortive += churn.abortive(random) ? 1 : 0;
    CHECK(abortive == doctest::Approx(10'000 * share).epsilon(0.05));
  }
}

TEST_SUITE_END();
