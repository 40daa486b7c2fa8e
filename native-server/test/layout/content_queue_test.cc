#include "layout/content_queue.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

namespace game = oversoak::game;
using namespace oversoak::layout;

namespace {

constexpr std::size_t kPushers = 3;
constexpr std::uint64_t kMessagesEach = 20'000;

}  // namespace

TEST_SUITE_BEGIN("content queue");

TEST_CASE("first in, first out, from several threads") {
  for (const auto kind : {game::QueueKind::locked, game::QueueKind::lock_free}) {
    const auto queue = make_content_queue(kind);
    std::vector<std::vector<Message>> messages(kPushers);
    std::vector<std::thread> pushers;
    for (std::size_t i = 0; i < kPushers; ++i) {
      messages[i] = std::vector<Message>(kMessagesEach);
      pushers.emplace_back([&queue, &own = messages[i], i] {
        for (std::uint64_t turn = 0; turn < kMessagesEach; ++turn) {
          own[turn].turn = turn;
          own[turn].hops = static_cast<std::uint32_t>(i);
          queue->push(own[turn]);
        }
      });
    }
    std::vector<std::uint64_t> next(kPushers);
    std::vector<Message*> taken;
    bool in_order = true;
    for (std::size_t count = 0; count < kPushers * kMessagesEach; count += taken.size()) {
      taken.clear();
      queue->take(taken);
      for (const Message* message : taken) in_order &= message->turn == next[message->hops]++;
    }
    for (std::thread& pusher : pushers) pusher.join();
    CHECK(in_order);
    taken.clear();
    queue->take(taken);
    CHECK(taken.empty());
  }
}

TEST_SUITE_END();
