#pragma once

#include <cstddef>
#include <cstdint>

#include "fleet/dialect/raw_stream.h"
#include "fleet/dialect/window.h"
#include "wire/inbox.h"
#include "wire/outbox.h"

namespace oversoak::fleet {

// What was said on one connection and what has been answered, whatever the protocol.
struct Conversation {
  Conversation(std::uint32_t over_send, std::size_t longest_message_bytes)
      : window(over_send),
        inbox(longest_message_bytes),
        // As many messages as the window can follow, so it never overflows first.
        outbox(std::size_t{2} * (over_send + 32) * longest_message_bytes) {}

  // A new connection.
  void begin(std::uint64_t first_sequence) noexcept {
    window.reset(first_sequence);
    inbox.clear();
    outbox.clear();
  }

  Window window;
  wire::Inbox inbox;
  wire::Outbox outbox;
  RawStream raw;  // of the raw protocol alone
};

}  // namespace oversoak::fleet
