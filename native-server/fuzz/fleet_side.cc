// What a fleet makes of a server's bytes: its own messages come back whole, in pieces, altered or
// not at all, with anything between them.
#include <memory>
#include <utility>
#include <vector>

#include "check.h"
#include "fleet/dialect/dialect.h"
#include "sides.h"

namespace oversoak::fuzz {
namespace {

using fleet::EchoKind;
using fleet::Received;
using Bytes = std::vector<std::byte>;

constexpr std::uint32_t kOverSend = 4;
constexpr fleet::MessageSizes kSizes{wire::kOverheadBytes, 160};

class Connection {
 public:
  Connection(std::unique_ptr<fleet::Dialect> dialect, Random& random, std::uint64_t first_sequence)
      : random_(random),
        dialect_(std::move(dialect)),
        conversation_(kOverSend, dialect_->longest_message_bytes(),
                      dialect_->longest_answer_bytes()) {
    conversation_.begin(first_sequence);
    dialect_->begin(conversation_, random_);
  }

  void send() {
    if (!conversation_.window.has_room() || conversation_.window.exhausted()) return;
    ++now_ns_;
    dialect_->write_message(conversation_, now_ns_, now_ns_, random_);
    conversation_.window.sent(now_ns_, now_ns_);
    ++open_;
  }

  // The server echoes everything sent so far.
  void echo() {
    if (!conversation_.outbox.has_next()) return;
    const auto bytes = conversation_.outbox.next();
    coming_.insert(coming_.end(), bytes.begin(), bytes.end());
    conversation_.outbox.sent();
  }

  void alter(std::size_t at) {
    if (coming_.empty()) return;
    coming_[at % coming_.size()] ^= std::byte{1};
    sound_ = false;
  }

  void insert(std::span<const std::byte> bytes) {
    coming_.insert(coming_.end(), bytes.begin(), bytes.end());
    sound_ = sound_ && bytes.empty();
  }

  void give_up_overdue() { conversation_.window.expire(++now_ns_); }

  // False when the fleet would end the connection.
  bool receive(std::size_t most) {
    const auto room = conversation_.inbox.room();
    check(!room.empty(), "a receive has room");
    const std::size_t size = std::min({room.size(), coming_.size(), most});
    std::copy_n(coming_.begin(), size, room.begin());
    coming_.erase(coming_.begin(), coming_.begin() + static_cast<std::ptrdiff_t>(size));
    conversation_.inbox.commit(size);
    for (;;) {
      const Received received = dialect_->read_answer(conversation_);
      if (received.kind == Received::Kind::incomplete) break;
      if (received.kind == Received::Kind::corrupt) {
        check(!sound_, "an unaltered message is accepted");
        return false;
      }
      const bool of_no_message =
          received.kind == Received::Kind::other ||
          (received.kind == Received::Kind::error && received.echo.kind == EchoKind::unknown);
      check(!of_no_message || !sound_, "what is echoed is of a message");
      if (!of_no_message) take(received.echo);
    }
    check(conversation_.window.outstanding() == open_, "the window counts what is missing");
    return true;
  }

 private:
  void take(const fleet::Echo& echo) {
    check(echo.kind != EchoKind::unknown, "an echo is of a message");
    check(!sound_ || echo.kind == EchoKind::in_order, "echoes that nobody touched are in order");
    if (echo.kind == EchoKind::duplicate) return;
    check(open_ > 0, "no more echoes than messages");
    --open_;
  }

  Random& random_;
  std::unique_ptr<fleet::Dialect> dialect_;
  fleet::Conversation conversation_;
  Bytes coming_;
  std::int64_t now_ns_ = 0;
  std::uint32_t open_ = 0;  // sent and not echoed
  bool sound_ = true;       // only sent bytes have come back
};

}  // namespace

void try_fleet(wire::Protocol protocol, Input& input) {
  const std::uint64_t first_sequence = input.word();
  Random random(first_sequence);
  talk(fleet::make_dialect(protocol, kSizes, {}, random), random, first_sequence, input);
}

void talk(std::unique_ptr<fleet::Dialect> dialect, Random& random, std::uint64_t first_sequence,
          Input& input) {
  Connection connection(std::move(dialect), random, first_sequence);
  while (!input.empty()) {
    const std::uint8_t turn = input.byte();
    switch (turn % 6) {
      case 0:
      case 1:
        connection.send();
        break;
      case 2:
        connection.echo();
        break;
      case 3:
        connection.insert(input.bytes(turn / 6));
        break;
      case 4:
        connection.alter(input.word());
        break;
      case 5:
        connection.give_up_overdue();
        break;
    }
    if (!connection.receive(input.byte())) return;
  }
}

}  // namespace oversoak::fuzz
