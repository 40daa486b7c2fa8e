#include "concurrency/mailbox.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

using oversoak::concurrency::Mailbox;

namespace {

constexpr std::size_t kPushers = 4;
constexpr std::uint32_t kMessagesEach = 20'000;

struct Message {
  std::size_t pusher = 0;
  std::uint32_t number = 0;
};

}  // namespace

TEST_SUITE_BEGIN("mailbox");

TEST_CASE("a wake is due whenever the mailbox was empty, and only then") {
  Mailbox<int> mailbox;
  std::vector<int> taken{99};
  CHECK(mailbox.push(1));
  CHECK(!mailbox.push(2));
  mailbox.take(taken);
  CHECK(taken == std::vector<int>{1, 2});
  mailbox.take(taken);
  CHECK(taken.empty());
  CHECK(mailbox.push(3));
}

TEST_CASE("messages can be of a move-only type") {
  Mailbox<std::unique_ptr<int>> mailbox;
  mailbox.push(std::make_unique<int>(7));
  std::vector<std::unique_ptr<int>> taken;
  mailbox.take(taken);
  REQUIRE(taken.size() == 1);
  CHECK(*taken[0] == 7);
}

// The taker looks only when it is woken: were a wake missed, it would wait in vain.
TEST_CASE(
    "several threads push, one takes: each message arrives once, in the order of its thread") {
  Mailbox<Message> mailbox;
  std::counting_semaphore<> wakes(0);
  std::vector<std::thread> pushers;
  for (std::size_t pusher = 0; pusher < kPushers; ++pusher) {
    pushers.emplace_back([&, pusher] {
      for (std::uint32_t number = 0; number < kMessagesEach; ++number) {
        if (mailbox.push({pusher, number})) wakes.release();
      }
    });
  }

  std::array<std::uint32_t, kPushers> next{};
  std::uint64_t taken_in_all = 0;
  bool in_order = true;
  bool woken = true;
  std::vector<Message> taken;
  while (woken && taken_in_all < kPushers * kMessagesEach) {
    woken = wakes.try_acquire_for(std::chrono::seconds(30));
    mailbox.take(taken);
    for (const Message& message : taken) in_order &= message.number == next[message.pusher]++;
    taken_in_all += taken.size();
  }
  for (std::thread& pusher : pushers) pusher.join();

  CHECK(woken);
  CHECK(in_order);
  CHECK(taken_in_all == kPushers * kMessagesEach);
  mailbox.take(taken);
  CHECK(taken.empty());
}

TEST_SUITE_END();
