#include "game/decisions.h"

#include <doctest/doctest.h>

#include <array>

#include "game/spin.h"
#include "os/clock.h"

using namespace oversoak::game;

namespace {

constexpr int kDraws = 100'000;

}  // namespace

TEST_SUITE_BEGIN("decisions");

TEST_CASE("a content without moves keeps its players") {
  oversoak::Random random(1);
  const Content content{"lobby"};
  for (int i = 0; i < 100; ++i) CHECK(!draw_move(content, random).has_value());
}

TEST_CASE("moves occur with the configured probability") {
  oversoak::Random random(1);
  Content content{"lobby"};
  content.moves = {{1, 0.3}, {2, 0.1}};
  std::array<int, 3> drawn{};
  for (int i = 0; i < kDraws; ++i) ++drawn[draw_move(content, random).value_or(0)];
  CHECK(drawn[0] == doctest::Approx(0.6 * kDraws).epsilon(0.02));
  CHECK(drawn[1] == doctest::Approx(0.3 * kDraws).epsilon(0.03));
  CHECK(drawn[2] == doctest::Approx(0.1 * kDraws).epsilon(0.05));
}

TEST_CASE("a move of probability 1 always occurs") {
  oversoak::Random random(1);
  Content content{"lobby"};
  content.moves = {{2, 1.0}};
  for (int i = 0; i < 1000; ++i) CHECK(draw_move(content, random) == 2);
}

TEST_CASE("the kinds of a mix occur in their shares") {
  oversoak::Random random(1);
  Content content{"lobby"};
  content.kinds = {{0.9, 5}, {0.1, 200}};
  int heavy = 0;
  for (int i = 0; i < kDraws; ++i) heavy += draw_work_us(content, random) == 200 ? 1 : 0;
  CHECK(heavy == doctest::Approx(0.1 * kDraws).epsilon(0.05));
  content.kinds = {{1, 7}};
  CHECK(draw_work_us(content, random) == 7);
}

TEST_CASE("work takes CPU time, and more work takes more") {
  const double turns = measure_turns_per_us();
  calibrate_spin(turns);
  const auto shortest_ns = [](double work_us) {
    std::int64_t shortest = INT64_MAX;
    for (int i = 0; i < 20; ++i) {
      const std::int64_t before = oversoak::os::now_ns();
      burn_us(work_us);
      shortest = std::min(shortest, oversoak::os::now_ns() - before);
    }
    return static_cast<double>(shortest);
  };
  // The shortest of many: the one that nothing interrupted. Loose, for the clock rate changes.
  CHECK(shortest_ns(500) > 250'000.0);
  CHECK(shortest_ns(500) < 2'000'000.0);
  CHECK(shortest_ns(1000) > 1.5 * shortest_ns(500));
  CHECK(shortest_ns(0) < 100'000.0);
  // What was measured elsewhere counts, not what this process would measure.
  const double before_ns = shortest_ns(500);
  calibrate_spin(3 * turns);
  CHECK(shortest_ns(500) > 2 * before_ns);
  calibrate_spin(turns);
}

TEST_SUITE_END();
