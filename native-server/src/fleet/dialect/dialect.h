#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "fleet/dialect/conversation.h"
#include "fleet/dialect/message_sizes.h"
#include "fleet/dialect/mismatch.h"
#include "fleet/dialect/window.h"
#include "random.h"
#include "wire/frame.h"
#include "wire/protocol.h"

// A fleet's side of a protocol: it builds messages and verifies answers. It works on a conversation
// and returns values; the fleet thread counts, and closes connections.
namespace oversoak::fleet {

// What the received bytes begin with.
struct Received {
  enum class Kind : std::uint8_t {
    incomplete,  // more bytes are needed
    echo,        // `echo`: of a message of this connection
    corrupt,     // nothing that was sent; what follows cannot be trusted either
  };
  Kind kind = Kind::incomplete;
  Echo echo{};
  std::optional<wire::Stamps> stamps{};  // where the protocol carries them
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  // The longest message that `write_message` builds.
  virtual std::size_t longest_message_bytes() const noexcept = 0;
  // The longest valid answer.
  virtual std::size_t longest_answer_bytes() const noexcept { return longest_message_bytes(); }

  // A new connection; after the conversation's own begin().
  virtual void begin(Conversation&, Random&) {}

  // Appends the message `window.next_sequence()` to the outbox.
  virtual void write_message(Conversation& conversation, std::int64_t intended_ns,
                             std::int64_t now_ns, Random& random) = 0;

  // Consumes one answer, or a part of one, from the inbox. A corrupt one stays there.
  virtual Received read_answer(Conversation& conversation) = 0;

  // How the answer that `read_answer` found corrupt differs from the expected one. The offset
  // counts from the start of the message; in the raw protocol, of the connection.
  virtual Mismatch mismatch(const Conversation& conversation) const = 0;
};

// `random`: for the bytes that payloads are cut from. `echo8` has messages of one length and
// ignores the sizes. `answers`: empty where each message is echoed; only `oversoak` can request
// others.
std::unique_ptr<Dialect> make_dialect(wire::Protocol protocol, MessageSizes sizes, SizeMix answers,
                                      Random& random);

// Room for a message in the outbox, which has as much as the window can let out.
std::span<std::byte> append(Conversation& conversation, std::size_t size);

// Random bytes that payloads are cut from, so that none is made for a message.
std::vector<std::byte> payload_source(std::size_t size, Random& random);

}  // namespace oversoak::fleet
