#include "io/windows/spin_budget.h"

#include <doctest/doctest.h>

using oversoak::io::SpinBudget;

namespace {

constexpr std::int64_t kMillisecond_ns = 1'000'000;
constexpr std::int64_t kSecond_ns = 1'000'000'000;

}  // namespace

TEST_SUITE_BEGIN("spin budget");

TEST_CASE("a thread that always spends gets its share of the time, and no more") {
  SpinBudget budget(0);
  std::int64_t spun_ns = 0;
  for (std::int64_t now_ns = 0; now_ns < 10 * kSecond_ns; now_ns += kMillisecond_ns) {
    if (budget.take(now_ns, kMillisecond_ns / 10)) spun_ns += kMillisecond_ns / 10;
  }
  CHECK(spun_ns <= static_cast<std::int64_t>(SpinBudget::kShare * 10 * kSecond_ns));
  CHECK(spun_ns >= static_cast<std::int64_t>(SpinBudget::kShare * 9 * kSecond_ns));
}

TEST_CASE("a budget that was unused for an hour cannot be spent at once") {
  SpinBudget budget(0);
  CHECK_FALSE(budget.take(3600 * kSecond_ns, SpinBudget::kMaxSaved_ns + 1));
  CHECK(budget.take(3600 * kSecond_ns, SpinBudget::kMaxSaved_ns));
  CHECK_FALSE(budget.take(3600 * kSecond_ns, 1));
}

TEST_SUITE_END();
