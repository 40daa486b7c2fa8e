#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fleet/dialect/framed_session.h"
#include "fleet/dialect/plugin_session.h"
#include "fleet/dialect/raw_stream.h"
#include "fleet/dialect/window.h"
#include "fleet/dialect/zone_ledger.h"
#include "wire/frame.h"
#include "wire/inbox.h"
#include "wire/outbox.h"

namespace oversoak::fleet {

// The messages and answers of one connection, whatever the protocol.
struct Conversation {
  // `most_followed`: of the window.
  Conversation(std::uint32_t over_send, std::size_t longest_message_bytes,
               std::size_t longest_answer_bytes, std::uint64_t most_followed = 0)
      : window(over_send, most_followed),
        inbox(longest_answer_bytes),
        // As many messages as the window can follow, so it never overflows first.
        outbox(std::size_t{2} * (over_send + 32) * longest_message_bytes) {}

  // A new connection.
  void begin(std::uint64_t first_sequence, std::int64_t now_ns = 0) noexcept {
    began_ns = now_ns;
    window.reset(first_sequence);
    zone.reset();
    next_in_kind = {};
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
  PluginSession plugin;       // of a plug-in's protocol alone
  // Where sessions are in zones.
  ZoneLedger zone;
  // The message after the latest that was answered, of those that are only echoed and of those that
  // are broadcast: each kind comes in its order.
  std::array<std::uint64_t, 2> next_in_kind{};

  // Of the oversoak protocol alone: the content of each message in flight, so that its answer can
  // be compared byte by byte. A ring of the window's capacity.
  struct Made {
    std::uint32_t payload_at = 0;
    std::uint32_t bytes = 0;         // of the whole message
    std::uint32_t answer_bytes = 0;  // as in wire::Header
    wire::ZoneAct act = wire::ZoneAct::none;
    std::int64_t intended_ns = 0;
  };
  std::vector<Made> made;

  Made& made_of(std::uint64_t message) noexcept { return made[message & (made.size() - 1)]; }
  const Made& made_of(std::uint64_t message) const noexcept {
    return made[message & (made.size() - 1)];
  }
};

}  // namespace oversoak::fleet
