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
#include "fleet/dialect/zone_ledger.h"
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
    other,       // of no message, or only a part of an answer; it was taken
    error,       // an answer that reports an error; `echo`, if it is of a message
    delivery,    // of a zone; `echo`, if it is of a message of this connection
    tick,        // of a zone, by the server itself; its times are the server's
    joined,      // the session is in its zone now
    left,        // and has left it
    corrupt,     // nothing that was sent; what follows cannot be trusted either
  };
  Kind kind = Kind::incomplete;
  Echo echo{};
  std::optional<wire::Stamps> stamps{};  // where the protocol carries them
  // Of what a zone sent.
  ZoneLedger::Finding finding{};
  std::int64_t intended_ns = 0;  // of the frame, by the clock of its origin
  std::int64_t sent_ns = 0;
  std::uint64_t number = 0;   // in the zone
  std::uint32_t skipped = 0;  // left out before it
};

// What a session says before its first message, and after the answer of its last.
enum class Script : std::uint8_t { login, logout };

struct ScriptTurn {
  enum class Kind : std::uint8_t {
    over,
    waits,   // for an answer
    pauses,  // until `until_ns`
  };
  Kind kind = Kind::over;
  std::int64_t until_ns = 0;
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

  // Whether a session has a script, so that it ends only when it has its answers.
  virtual bool has_script() const noexcept { return false; }
  // Whether it says nothing before its end while an answer is to come.
  virtual bool logout_waits() const noexcept { return true; }
  // Appends what the script says next; called at its begin, after each answer and after a pause.
  virtual ScriptTurn continue_script(Conversation&, Script, std::int64_t /*now_ns*/) { return {}; }

  // Whether the answers of a session come in the order of its messages.
  virtual bool keeps_order() const noexcept { return true; }

  // Where they come in any order: messages of a connection that can be told apart. 0: few need to
  // be.
  virtual std::uint64_t most_followed() const noexcept { return 0; }

  // Closed loop: how long the session pauses before its next message.
  virtual std::int64_t pause_ns(const Conversation&) const noexcept { return 0; }

  // Appends the message `window.next_sequence()` to the outbox.
  virtual void write_message(Conversation& conversation, std::int64_t intended_ns,
                             std::int64_t now_ns, Random& random) = 0;

  // Consumes one answer, or a part of one, from the inbox. A corrupt one stays there.
  virtual Received read_answer(Conversation& conversation) = 0;

  // The number by which evidence names a message, sent or the next: where the protocol has one,
  // that which stands for it on the wire, so that the server's own log has it, too.
  virtual std::uint64_t named_number(const Conversation&, std::uint64_t message) const {
    return message;
  }

  // How the answer that `read_answer` found corrupt differs from the expected one. The offset
  // counts from the start of the message; in the raw protocol, of the connection.
  virtual Mismatch mismatch(const Conversation& conversation) const = 0;

  // Of the answer that `read_answer` found to report an error.
  virtual Mismatch reported_error(const Conversation&) const { return {}; }
};

// `random`: for the bytes that payloads are cut from. `echo8` has messages of one length and
// ignores the sizes. `answers`: empty where each message is echoed; only `oversoak` can request
// others. A framed protocol is a FramedDialect, that of a plug-in a PluginDialect, one with zones a
// ZoneDialect.
std::unique_ptr<Dialect> make_dialect(wire::Protocol protocol, MessageSizes sizes, SizeMix answers,
                                      Random& random);

// Room for a message in the outbox, which has as much as the window can let out.
std::span<std::byte> append(Conversation& conversation, std::size_t size);

// Random bytes that payloads are cut from, so that none is made for a message.
std::vector<std::byte> payload_source(std::size_t size, Random& random);

}  // namespace oversoak::fleet
