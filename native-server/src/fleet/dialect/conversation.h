#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "fleet/dialect/framed_session.h"
#include "fleet/dialect/raw_stream.h"
#include "fleet/dialect/window.h"
#include "wire/inbox.h"
#include "wire/outbox.h"

namespace oversoak::fleet {

// The messages and answers of one connection, whatever the protocol.
struct Conversation {
  Conversation(std::uint32_t over_send, std::size_t longest_message_bytes,
               std::size_t longest_answer_bytes)
      : window(over_send),
        inbox(longest_answer_bytes),
        // As many messages as the window can follow, so it never overflows first.
        outbox(std::size_t{2} * (over_send + 32) * longest_message_bytes) {}

  // A new connection.
  void begin(std::uint64_t first_sequence, std::int64_t now_ns = 0) noexcept {
    began_ns = now_ns;
    window.reset(first_sequence);
    inbox.clear();
    outbox.clear();
  }

  Window window;
  wire::Inbox inbox;
  wire::Outbox outbox;
  std::uint64_t session = 0;  // its number, over all fleets of a run
  std::int64_t began_ns = 0;  // os::now_ns
  RawStream raw;              // of the raw protocol alone
  FramedSession framed;       // of a framed protocol alone

  // Of the oversoak protocol alone: the content of each message in flight, so that its answer can
  // be compared byte by byte. A ring of the window's capacity.
  struct Made {
    std::uint32_t payload_at = 0;
    std::uint32_t bytes = 0;         // of the whole message
    std::uint32_t answer_bytes = 0;  // as in wire::Header
  };
  std::vector<Made> made;

  Made& made_of(std::uint64_t message) noexcept { return made[message & (made.size() - 1)]; }
  const Made& made_of(std::uint64_t message) const noexcept {
    return made[message & (made.size() - 1)];
  }
};

}  // namespace oversoak::fleet
