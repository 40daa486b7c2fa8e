// The window against a model that keeps every message for ever and searches it from end to end.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "fleet/dialect/window.h"
#include "random.h"

using namespace oversoak::fleet;
using oversoak::Random;

namespace {

class Model {
 public:
  Model(std::uint32_t over_send, std::uint64_t first) : over_send_(over_send), first_(first) {}

  bool has_room() const {
    const bool full = span() == std::bit_ceil(std::size_t{over_send_} + 32);
    return count(State::waiting) < over_send_ && !(full && oldest()->state == State::waiting);
  }
  std::size_t outstanding() const { return count(State::waiting) + count(State::overdue); }

  // Messages from the oldest without an echo on: what the window must remember.
  std::size_t span() const { return static_cast<std::size_t>(messages_.end() - oldest()); }

  std::uint64_t next_sequence() const { return first_ + messages_.size(); }
  std::size_t sent_in_all() const { return messages_.size(); }

  void sent(std::int64_t intended_ns, std::int64_t sent_ns) {
    messages_.push_back({intended_ns, sent_ns, State::waiting});
  }

  Echo echoed(std::uint64_t sequence) {
    for (std::size_t i = 0; i < messages_.size(); ++i) {
      if (first_ + i != sequence) continue;
      Message& message = messages_[i];
      if (message.state == State::echoed) return {EchoKind::duplicate};
      message.state = State::echoed;
      const bool in_order =
          std::none_of(echoes_.begin(), echoes_.end(), [i](std::size_t echo) { return echo > i; });
      echoes_.push_back(i);
      return {in_order ? EchoKind::in_order : EchoKind::out_of_order, message.intended_ns,
              message.sent_ns};
    }
    return {EchoKind::unknown};
  }

  std::uint32_t expire(std::int64_t sent_before_ns) {
    std::uint32_t expired = 0;
    for (Message& message : messages_) {
      if (message.state != State::waiting || message.sent_ns >= sent_before_ns) continue;
      message.state = State::overdue;
      ++expired;
    }
    return expired;
  }

 private:
  enum class State { waiting, overdue, echoed };
  struct Message {
    std::int64_t intended_ns;
    std::int64_t sent_ns;
    State state;
  };

  std::vector<Message>::const_iterator oldest() const {
    return std::find_if(messages_.begin(), messages_.end(),
                        [](const Message& message) { return message.state != State::echoed; });
  }

  std::size_t count(State state) const {
    return static_cast<std::size_t>(
        std::count_if(messages_.begin(), messages_.end(),
                      [state](const Message& message) { return message.state == state; }));
  }

  std::uint32_t over_send_;
  std::uint64_t first_;
  std::vector<Message> messages_;
  std::vector<std::size_t> echoes_;
};

// Mostly of messages in flight; some long past, some never sent.
std::uint64_t random_sequence(const Model& model, Random& random) {
  const std::uint64_t back = random.below(10) == 0 ? model.sent_in_all() + 3 : model.span() + 2;
  return model.next_sequence() + 1 - random.below(back + 1);
}

// One connection's life of `steps` random steps.
void live(Window& window, std::uint32_t over_send, int steps, Random& random) {
  const std::uint64_t first = random.next();
  Model model(over_send, first);
  window.reset(first);
  const std::size_t remembered = std::bit_ceil(std::size_t{over_send} + 32);
  std::int64_t now_ns = 0;
  for (int step = 0; step < steps; ++step) {
    CAPTURE(step);
    now_ns += static_cast<std::int64_t>(random.below(3));
    const std::uint64_t kind = random.below(10);
    if (kind < 4) {
      if (!model.has_room() || window.exhausted()) continue;
      const auto intended_ns = now_ns - static_cast<std::int64_t>(random.below(5));
      window.sent(intended_ns, now_ns);
      model.sent(intended_ns, now_ns);
    } else if (kind < 9) {
      const std::uint64_t sequence = random_sequence(model, random);
      const Echo expected = model.echoed(sequence);
      const Echo echo = window.echoed(sequence);
      REQUIRE(echo.kind == expected.kind);
      REQUIRE(echo.intended_ns == expected.intended_ns);
      REQUIRE(echo.sent_ns == expected.sent_ns);
    } else {
      const auto before_ns = now_ns - static_cast<std::int64_t>(random.below(40));
      REQUIRE(window.expire(before_ns).count == model.expire(before_ns));
    }
    REQUIRE(window.has_room() == model.has_room());
    REQUIRE(window.outstanding() == model.outstanding());
    REQUIRE(window.next_sequence() == model.next_sequence());
    REQUIRE(window.exhausted() == (model.span() == remembered));
  }
}

}  // namespace

TEST_SUITE_BEGIN("window");

TEST_CASE("random lives of connections, held against the model") {
  for (const std::uint32_t over_send : {1u, 2u, 7u, 32u, 100u}) {
    CAPTURE(over_send);
    Window window(over_send);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      CAPTURE(seed);
      Random random(seed * 1000 + over_send);
      live(window, over_send, 1000, random);
    }
  }
}

// Many times around the ring, with one message that stays out for almost a whole turn.
TEST_CASE("the ring wraps for ever") {
  Window window(4);
  window.reset(1);
  constexpr std::uint64_t kMessages = 100'000;
  constexpr std::uint64_t kLateBy = 30;
  std::uint64_t late = 0;  // the sequence of the message that is overdue
  for (std::uint64_t sequence = 1; sequence <= kMessages; ++sequence) {
    const auto now_ns = static_cast<std::int64_t>(sequence);
    REQUIRE(!window.exhausted());
    REQUIRE(window.next_sequence() == sequence);
    window.sent(now_ns, now_ns);
    if (sequence % 40 == 1) {
      late = sequence;
      REQUIRE(window.expire(now_ns + 1).count == 1);
      continue;
    }
    const Echo echo = window.echoed(sequence);
    REQUIRE(echo.kind == EchoKind::in_order);
    REQUIRE(echo.sent_ns == now_ns);
    if (sequence != late + kLateBy) continue;
    const Echo found = window.echoed(late);
    REQUIRE(found.kind == EchoKind::out_of_order);
    REQUIRE(found.sent_ns == static_cast<std::int64_t>(late));
  }
}

TEST_SUITE_END();
