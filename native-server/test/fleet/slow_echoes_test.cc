#include "fleet/slow_echoes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include "random.h"

using namespace oversoak::fleet;
using oversoak::Random;

namespace {

// Every field is derived from the same message, so a mixed record is detected.
SlowEcho echo(std::uint64_t message, std::int64_t latency_ns) {
  const auto number = static_cast<std::int64_t>(message);
  return {message * 3, message, number * 5, {{number, latency_ns - number, 0, 0, 0, 0}}};
}

bool whole(const SlowEcho& taken) {
  const auto number = static_cast<std::int64_t>(taken.message);
  return taken.session == taken.message * 3 && taken.intended_ns == number * 5 &&
         taken.times[Stage::client] == number;
}

std::vector<std::int64_t> latencies(const std::vector<SlowEcho>& echoes) {
  std::vector<std::int64_t> found;
  for (const SlowEcho& each : echoes) found.push_back(each.times.total_ns());
  return found;
}

std::vector<SlowEcho> take(SlowEchoes& slow) {
  std::vector<SlowEcho> echoes;
  slow.take(echoes);
  return slowest_of(std::move(echoes));
}

}  // namespace

TEST_SUITE_BEGIN("slow echoes");

TEST_CASE("up to the limit all echoes are kept, slowest first, with every field") {
  SlowEchoes slow;
  CHECK(take(slow).empty());
  slow.note(echo(1, 200));
  slow.note(echo(2, 400));
  slow.note(echo(3, 300));
  const auto taken = take(slow);
  CHECK(latencies(taken) == std::vector<std::int64_t>{400, 300, 200});
  CHECK(taken[0].message == 2);
  CHECK(std::ranges::all_of(taken, whole));
}

TEST_CASE("an echo with a latency of 0 is kept") {
  SlowEchoes slow;
  slow.note(echo(0, 0));
  CHECK(take(slow).size() == 1);
}

TEST_CASE("beyond the limit the slowest are kept, whatever their order") {
  Random random(7);
  for (int round = 0; round < 200; ++round) {
    SlowEchoes slow;
    std::vector<std::int64_t> all;
    const std::uint64_t count = 1 + random.below(200);
    for (std::uint64_t i = 0; i < count; ++i) {
      // Few values, so that many are alike.
      all.push_back(1000 + static_cast<std::int64_t>(random.below(50)));
      slow.note(echo(i, all.back()));
    }
    std::ranges::sort(all, std::greater{});
    all.resize(std::min(all.size(), SlowEchoes::kMax));
    REQUIRE(latencies(take(slow)) == all);
  }
}

TEST_CASE("after a take, later echoes are kept although they are faster") {
  SlowEchoes slow;
  for (std::uint64_t i = 0; i < 100; ++i) slow.note(echo(i, 1'000'000));
  CHECK(take(slow).size() == SlowEchoes::kMax);
  slow.note(echo(7, 10));
  CHECK(latencies(take(slow)) == std::vector<std::int64_t>{10});
  CHECK(take(slow).empty());
  CHECK(slow.let_go() == 0);
}

TEST_CASE("the slowest echoes of several threads are reported") {
  SlowEchoes first;
  SlowEchoes second;
  for (std::uint64_t i = 0; i < 20; ++i) {
    first.note(echo(i, 1000 + static_cast<std::int64_t>(2 * i)));
    second.note(echo(i, 1001 + static_cast<std::int64_t>(2 * i)));
  }
  std::vector<SlowEcho> echoes;
  first.take(echoes);
  second.take(echoes);
  CHECK(echoes.size() == 2 * SlowEchoes::kMax);
  std::vector<std::int64_t> expected;
  for (std::int64_t i = 0; i < 16; ++i) expected.push_back(1039 - i);
  CHECK(latencies(slowest_of(std::move(echoes))) == expected);
}

// What ThreadSanitizer is for. Each later echo is slower than all before it, so every one is a
// candidate: it is taken once, or skipped, or replaced by a slower one.
TEST_CASE("echoes are taken while the writer goes on") {
  constexpr std::uint64_t kLeast = 200'000;
  SlowEchoes slow;
  std::atomic<bool> written{false};
  std::atomic<std::size_t> taken{0};
  std::set<std::uint64_t> seen;
  bool sound = true;
  std::thread reader([&] {
    for (bool final = false; !final;) {
      final = written.load(std::memory_order_acquire);
      std::vector<SlowEcho> echoes;
      slow.take(echoes);
      sound = sound && echoes.size() <= SlowEchoes::kMax && std::ranges::all_of(echoes, whole);
      for (const SlowEcho& each : echoes) sound = sound && seen.insert(each.message).second;
      taken.store(seen.size(), std::memory_order_relaxed);
    }
  });
  // A reader that loses the CPU while it takes has all be let go: the writer goes on until it is
  // back.
  std::uint64_t noted = 0;
  while (noted < kLeast || taken.load(std::memory_order_relaxed) < SlowEchoes::kMax) {
    slow.note(echo(noted, static_cast<std::int64_t>(2 * noted)));
    ++noted;
  }
  written.store(true, std::memory_order_release);
  reader.join();
  CHECK(sound);
  CHECK(seen.size() + slow.let_go() <= noted);
  CHECK(seen.size() >= SlowEchoes::kMax);
  // The last ones have nothing that could displace them.
  if (slow.let_go() == 0) CHECK(seen.contains(noted - 1));
}

TEST_SUITE_END();
