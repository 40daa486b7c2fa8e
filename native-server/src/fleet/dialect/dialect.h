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

// How a fleet speaks its protocol: what it sends, and what an answer has to be. A conversation goes
// in and a value comes out; counting and closing is the fleet thread's.
namespace oversoak::fleet {

// What stood at the start of what had come.
struct Heard {
  enum class Kind : std::uint8_t {
    nothing,  // more bytes are needed
    echo,     // `echo`: of a message of this connection
    corrupt,  // nothing that was sent; what follows cannot be trusted either
  };
  Kind kind = Kind::nothing;
  Echo echo{};
  std::optional<wire::Stamps> stamps{};  // where the protocol carries them
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  // The longest message that `say` makes.
  virtual std::size_t longest_message_bytes() const noexcept = 0;
  // The longest one that may come back.
  virtual std::size_t longest_answer_bytes() const noexcept { return longest_message_bytes(); }

  // A new connection; after the conversation's own begin().
  virtual void begin(Conversation&, Random&) {}

  // Appends the message `window.next_sequence()` to the outbox.
  virtual void say(Conversation& conversation, std::int64_t intended_ns, std::int64_t now_ns,
                   Random& random) = 0;

  // Takes one message, or a part of one, from the inbox.
  virtual Heard hear(Conversation& conversation) = 0;

  // After `hear` called it corrupt, which leaves it in the inbox: how it differs from what was
  // sent. Its offset counts in the message, in the raw protocol in the connection's bytes.
  virtual Mismatch mismatch(const Conversation& conversation) const = 0;
};

// `random`: for the bytes that payloads are cut from. `echo8`, whose messages have one length,
// takes no notice of the sizes. `answers`: empty where each message is echoed; `oversoak` alone can
// ask for others.
std::unique_ptr<Dialect> make_dialect(wire::Protocol protocol, MessageSizes sizes, SizeMix answers,
                                      Random& random);

// Room for a message in the outbox, which has as much as the window can let out.
std::span<std::byte> append(Conversation& conversation, std::size_t size);

// Random bytes that payloads are cut from, so that none is made for a message.
std::vector<std::byte> payload_source(std::size_t size, Random& random);

// An echo that carries its sequence: what it means, taken from the inbox unless it is corrupt.
Heard heard_sequence(Conversation& conversation, std::uint64_t sequence,
                     std::size_t bytes) noexcept;

}  // namespace oversoak::fleet
