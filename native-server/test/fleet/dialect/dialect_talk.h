#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "fleet/dialect/dialect.h"
#include "random.h"
#include "wire/bytes.h"

namespace oversoak::test {

inline constexpr std::uint32_t kOverSend = 4;

// One connection of a fleet, whose answers the test gives.
template <typename Made>
struct DialectTalk {
  template <typename... Arguments>
  explicit DialectTalk(Arguments&&... arguments)
      : dialect(std::forward<Arguments>(arguments)...),
        conversation(kOverSend, dialect.longest_message_bytes(), dialect.longest_answer_bytes(),
                     dialect.most_followed()) {
    conversation.session = 3;
    begin_connection();
  }

  void begin_connection() {
    conversation.begin(1000);
    dialect.begin(conversation, random);
  }

  // What lies in the outbox.
  Bytes taken() {
    if (!conversation.outbox.has_next()) return {};
    const auto bytes = conversation.outbox.next();
    Bytes message(bytes.begin(), bytes.end());
    conversation.outbox.sent();
    return message;
  }

  Bytes send(std::int64_t now_ns) {
    conversation.window.make_room();
    dialect.write_message(conversation, now_ns - 1, now_ns, random);
    conversation.window.sent(now_ns - 1, now_ns);
    return taken();
  }

  void receive(std::span<const std::byte> bytes) {
    const auto room = conversation.inbox.room();
    REQUIRE(bytes.size() <= room.size());
    std::copy(bytes.begin(), bytes.end(), room.begin());
    conversation.inbox.commit(bytes.size());
  }

  fleet::Received read() { return dialect.read_answer(conversation); }

  Random random{1};
  Made dialect;
  fleet::Conversation conversation;
};

}  // namespace oversoak::test
