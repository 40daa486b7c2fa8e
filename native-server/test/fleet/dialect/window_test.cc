#include "fleet/dialect/window.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

using namespace oversoak::fleet;

namespace {

constexpr std::uint64_t kFirst = 1000;

// Sends `count` messages; the n-th of the connection is due at 10 n and leaves at 10 n + 1.
void send(Window& window, int count) {
  for (int i = 0; i < count; ++i) {
    REQUIRE(window.has_room());
    REQUIRE(!window.exhausted());
    const auto n = static_cast<std::int64_t>(window.next_sequence() - kFirst);
    window.sent(10 * n, 10 * n + 1);
  }
}

Window opened(std::uint32_t over_send) {
  Window window(over_send);
  window.reset(kFirst);
  return window;
}

}  // namespace

TEST_SUITE_BEGIN("window");

TEST_CASE("echoes in order, with the times of their messages") {
  Window window = opened(2);
  CHECK(window.next_sequence() == kFirst);
  send(window, 2);
  CHECK(!window.has_room());
  CHECK(window.outstanding() == 2);
  const Echo first = window.echoed(kFirst);
  CHECK(first.kind == EchoKind::in_order);
  CHECK(first.intended_ns == 0);
  CHECK(first.sent_ns == 1);
  CHECK(first.message == 0);
  CHECK(window.has_room());
  const Echo second = window.echoed(kFirst + 1);
  CHECK(second.kind == EchoKind::in_order);
  CHECK(second.intended_ns == 10);
  CHECK(second.sent_ns == 11);
  CHECK(second.message == 1);
  CHECK(window.outstanding() == 0);
  CHECK(window.next_sequence() == kFirst + 2);
}

TEST_CASE("an echo after that of a later message is out of order, and counts") {
  Window window = opened(3);
  send(window, 3);
  CHECK(window.echoed(kFirst + 2).kind == EchoKind::in_order);
  CHECK(window.echoed(kFirst).kind == EchoKind::out_of_order);
  CHECK(window.echoed(kFirst + 1).kind == EchoKind::out_of_order);
  CHECK(window.outstanding() == 0);
}

TEST_CASE("a second echo is a duplicate, the oldest and one between others") {
  Window window = opened(3);
  send(window, 3);
  CHECK(window.echoed(kFirst).kind == EchoKind::in_order);
  CHECK(window.echoed(kFirst).kind == EchoKind::duplicate);
  CHECK(window.echoed(kFirst + 2).kind == EchoKind::in_order);
  CHECK(window.echoed(kFirst + 2).kind == EchoKind::duplicate);
  CHECK(window.outstanding() == 1);
}

TEST_CASE("a duplicate is recognised however old its message is") {
  Window window = opened(1);
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    send(window, 1);
    REQUIRE(window.echoed(kFirst + i).kind == EchoKind::in_order);
  }
  CHECK(window.echoed(kFirst).kind == EchoKind::duplicate);
  CHECK(window.echoed(kFirst + 9'999).kind == EchoKind::duplicate);
}

TEST_CASE("sequences never sent on this connection are unknown") {
  Window window = opened(2);
  CHECK(window.echoed(kFirst).kind == EchoKind::unknown);
  send(window, 1);
  CHECK(window.echoed(kFirst + 1).kind == EchoKind::unknown);
  CHECK(window.echoed(kFirst - 1).kind == EchoKind::unknown);
  CHECK(window.echoed(0).kind == EchoKind::unknown);
  CHECK(window.echoed(std::numeric_limits<std::uint64_t>::max()).kind == EchoKind::unknown);
  CHECK(window.outstanding() == 1);
}

TEST_CASE("overdue: counted once, gives its room back, and a late echo still counts") {
  Window window = opened(2);
  send(window, 2);                     // leave at 1 and 11
  CHECK(window.expire(1).count == 0);  // not before 1
  CHECK(window.expire(2).count == 1);
  CHECK(window.expire(2).count == 0);
  CHECK(window.has_room());
  CHECK(window.outstanding() == 2);
  CHECK(window.expire(1000).count == 1);
  CHECK(window.expire(1000).count == 0);
  send(window, 2);
  CHECK(window.outstanding() == 4);
  const Echo late = window.echoed(kFirst);
  CHECK(late.kind == EchoKind::in_order);
  CHECK(late.sent_ns == 1);
  CHECK(window.echoed(kFirst).kind == EchoKind::duplicate);
  CHECK(window.outstanding() == 3);
  CHECK(!window.has_room());  // the late one was not counted against it
  CHECK(window.echoed(kFirst + 3).kind == EchoKind::in_order);
  CHECK(window.echoed(kFirst + 1).kind == EchoKind::out_of_order);
  CHECK(window.has_room());
}

TEST_CASE("expire names the oldest that became overdue by this call") {
  Window window = opened(4);
  send(window, 3);  // leave at 1, 11 and 21
  CHECK(window.expire(2).oldest->message == 0);
  CHECK_FALSE(window.expire(2).oldest.has_value());
  CHECK(window.expire(1000).oldest->message == 1);
}

TEST_CASE("expire passes over what was echoed out of order") {
  Window window = opened(4);
  send(window, 4);
  CHECK(window.echoed(kFirst + 1).kind == EchoKind::in_order);
  CHECK(window.expire(1000).count == 3);
  CHECK(window.outstanding() == 3);
}

// Several times around the ring in between, so that old places are new messages.
TEST_CASE("expire counts once also when it was not called for long") {
  Window window = opened(1);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    send(window, 1);
    REQUIRE(window.echoed(kFirst + i).kind == EchoKind::in_order);
  }
  send(window, 1);
  CHECK(window.expire(1'000'000).count == 1);
  CHECK(window.outstanding() == 1);
}

TEST_CASE("a connection that misses too many echoes is exhausted, and not before") {
  Window window = opened(1);
  std::int64_t lost = 0;
  while (!window.exhausted()) {
    send(window, 1);
    ++lost;
    REQUIRE(window.expire(std::numeric_limits<std::int64_t>::max()).count == 1);
    REQUIRE(lost <= 1000);
  }
  CHECK(lost >= 32);
  CHECK(window.outstanding() == lost);
  CHECK(window.echoed(kFirst).kind == EchoKind::in_order);
  CHECK(!window.exhausted());
}

// A server may answer one message late, and the others meanwhile.
TEST_CASE("a message whose echo may still come is never overrun: the others wait for it") {
  Window window = opened(4);
  send(window, 1);
  std::uint64_t others = 0;
  while (window.has_room()) {
    REQUIRE(others < 1000);
    send(window, 1);
    CHECK(window.echoed(kFirst + ++others).kind != EchoKind::unknown);
  }
  CHECK(window.exhausted());
  SUBCASE("until it comes") {
    CHECK(window.echoed(kFirst).sent_ns == 1);
    CHECK(window.has_room());
    CHECK(!window.exhausted());
  }
  SUBCASE("or until it is overdue: then the connection is exhausted") {
    CHECK(window.expire(2).count == 1);
    CHECK(window.has_room());
    CHECK(window.exhausted());
  }
}

TEST_CASE("where answers come in any order, one that waits lets the others pass, up to the most") {
  constexpr std::uint64_t kMost = 300;
  Window window(4, kMost);
  window.reset(kFirst);
  const auto pass = [&](std::uint64_t messages) {
    for (std::uint64_t i = 0; i < messages; ++i) {
      REQUIRE(window.has_room());
      REQUIRE(!window.exhausted());
      window.make_room();
      const std::uint64_t sequence = window.next_sequence();
      window.sent(static_cast<std::int64_t>(sequence), static_cast<std::int64_t>(sequence));
      if (sequence == kFirst) continue;  // waits
      REQUIRE(window.echoed(sequence).sent_ns == static_cast<std::int64_t>(sequence));
    }
  };
  pass(256);  // as many as a power of two allows
  CHECK(window.capacity() == 256);
  CHECK(!window.has_room());
  CHECK(window.echoed(kFirst + 1).kind == EchoKind::duplicate);
  CHECK(window.echoed(kFirst).sent_ns == static_cast<std::int64_t>(kFirst));
  CHECK(window.outstanding() == 0);
  window.reset(kFirst);
  pass(200);
  SUBCASE("not one that is overdue") {
    window.expire(std::numeric_limits<std::int64_t>::max());
    CHECK(window.echoed(kFirst).overdue);
  }
}

TEST_CASE("a new connection knows nothing of the one before") {
  Window window = opened(2);
  send(window, 2);
  CHECK(window.expire(2).count == 1);
  window.reset(kFirst + 2);
  CHECK(window.outstanding() == 0);
  CHECK(window.has_room());
  CHECK(window.next_sequence() == kFirst + 2);
  CHECK(window.echoed(kFirst + 1).kind == EchoKind::unknown);
  CHECK(window.echoed(kFirst + 2).kind == EchoKind::unknown);
  send(window, 1);
  CHECK(window.echoed(kFirst + 2).kind == EchoKind::in_order);
}

TEST_CASE("sequences may wrap past the largest") {
  Window window(2);
  window.reset(std::numeric_limits<std::uint64_t>::max());
  window.sent(0, 1);
  window.sent(2, 3);
  CHECK(window.next_sequence() == 1);
  CHECK(window.echoed(std::numeric_limits<std::uint64_t>::max()).kind == EchoKind::in_order);
  CHECK(window.echoed(0).kind == EchoKind::in_order);
  CHECK(window.echoed(1).kind == EchoKind::unknown);
}

TEST_CASE("a message was skipped once a later one is echoed") {
  Window window(8);
  window.reset(100);
  for (int i = 0; i < 5; ++i) window.sent(i, i);
  CHECK(window.expire_skipped(1000).count == 0);
  window.echoed(102);
  std::vector<bool> skipped;
  window.each_outstanding(
      [&](const Window::Outstanding& message) { skipped.push_back(message.skipped); });
  CHECK(skipped == std::vector<bool>{true, true, false, false});
  CHECK(window.expire_skipped(1).count == 1);
  CHECK(window.expire_skipped(1000).count == 1);
  CHECK(window.expire_skipped(1000).count == 0);
  CHECK(window.expire(1000).count == 2);
}

TEST_SUITE_END();
