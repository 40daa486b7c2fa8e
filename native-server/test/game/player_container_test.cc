#include "game/player_container.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace oversoak::game;

namespace {

constexpr LockKind kLocks[] = {LockKind::mutex, LockKind::srwlock, LockKind::sharded};

}  // namespace

TEST_SUITE_BEGIN("player container");

TEST_CASE("players join, are found, move and leave") {
  for (const LockKind kind : kLocks) {
    const auto players = make_player_container(kind);
    std::int64_t wait_ns = -1;
    CHECK(!players->find(7, wait_ns).has_value());
    CHECK(wait_ns == 0);
    for (PlayerId id = 1; id <= 40; ++id) players->join(id, {0, 0});
    int handed_over = 0;
    const auto hand_over = [&handed_over] { ++handed_over; };
    CHECK(players->move(7, {2, 5}, hand_over, wait_ns));
    CHECK(handed_over == 1);
    CHECK(players->find(7, wait_ns) == Place{2, 5});
    CHECK(players->find(8, wait_ns) == Place{0, 0});
    CHECK(players->leave(7));
    CHECK(!players->leave(7));
    CHECK(!players->move(7, {1, 1}, hand_over, wait_ns));
    CHECK(handed_over == 1);
    const auto [joins, leaves, live] = players->census();
    CHECK(joins == 40);
    CHECK(leaves == 1);
    CHECK(live == 39);
  }
}

TEST_CASE("joins - leaves = live at every reading, while threads join, look up, move and leave") {
  constexpr int kThreads = 3;
  constexpr PlayerId kPlayersEach = 2000;
  const auto nothing = [] {};
  for (const LockKind kind : kLocks) {
    const auto players = make_player_container(kind);
    std::atomic<int> running{kThreads};
    std::atomic<std::uint64_t> misplaced{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        std::int64_t wait_ns = 0;
        for (PlayerId i = 0; i < kPlayersEach; ++i) {
          const PlayerId id = 1 + i * kThreads + static_cast<PlayerId>(thread);
          players->join(id, {0, 0});
          players->move(id, {1, id}, nothing, wait_ns);
          if (players->find(id, wait_ns) != Place{1, id}) ++misplaced;
          if (i % 2 == 0) players->leave(id);
        }
        --running;
      });
    }
    bool balanced = true;
    while (running > 0) {
      const auto [joins, leaves, live] = players->census();
      balanced &= joins - leaves == live;
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(balanced);
    CHECK(misplaced == 0);
    CHECK(players->census().live == kThreads * kPlayersEach / 2);
  }
}

TEST_CASE("a lookup reports how long it waited for the lock") {
  for (const LockKind kind : kLocks) {
    const auto players = make_player_container(kind);
    players->join(1, {0, 0});
    std::atomic<bool> inside{false};
    std::atomic<bool> looking_up{false};
    std::thread mover([&] {
      std::int64_t wait_ns = 0;
      players->move(
          1, {1, 1},
          [&] {
            inside = true;
            while (!looking_up) std::this_thread::yield();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          },
          wait_ns);
    });
    while (!inside) std::this_thread::yield();
    looking_up = true;
    std::int64_t wait_ns = 0;
    CHECK(players->find(1, wait_ns) == Place{1, 1});
    mover.join();
    CHECK(wait_ns > 0);
  }
}

TEST_SUITE_END();
