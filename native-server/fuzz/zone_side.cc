// What a member of a zone makes of its server's bytes: answers and deliveries, its own and others',
// some left out with and without a word, twice or altered, with anything between them.
#include <array>
#include <vector>

#include "check.h"
#include "fleet/dialect/zone_dialect.h"
#include "sides.h"
#include "wire/zone.h"

namespace oversoak::fuzz {
namespace {

using fleet::Received;
using Bytes = std::vector<std::byte>;
using Finding = fleet::ZoneLedger::Finding;

constexpr std::size_t kMaxFrameBytes = 160;
constexpr std::uint64_t kSession = 7;
constexpr std::size_t kTickBytes = 96;
constexpr fleet::Zones kZones{3, 1, kTickBytes};

// What lies behind the bytes does not matter, and reading it is an error of AddressSanitizer.
void parse_exactly(std::span<const std::byte> unread) {
  const Bytes exact(unread.begin(), unread.end());
  const wire::Parsed parsed = wire::parse_delivery(exact, kMaxFrameBytes);
  check(parsed.size <= exact.size(), "a delivery is of what is there");
  check(wire::parse_delivery(unread, kMaxFrameBytes).size == parsed.size,
        "what lies behind the bytes does not matter");
}

class Member {
 public:
  Member(Random& random, std::uint64_t first_sequence)
      : random_(random),
        dialect_({wire::kOverheadBytes, kMaxFrameBytes}, kZones, random),
        conversation_(4, dialect_.longest_message_bytes(), dialect_.longest_answer_bytes()) {
    conversation_.session = kSession;
    conversation_.begin(first_sequence);
    dialect_.begin(conversation_, random_);
    dialect_.continue_script(conversation_, fleet::Script::login, 1);
  }

  void send() {
    auto& window = conversation_.window;
    if (!conversation_.zone.is_inside() || !window.has_room() || window.exhausted()) return;
    ++now_ns_;
    dialect_.write_message(conversation_, now_ns_, now_ns_, random_);
    window.sent(now_ns_, now_ns_);
  }

  void leave() {
    if (!conversation_.zone.has_joined()) return;
    dialect_.continue_script(conversation_, fleet::Script::logout, ++now_ns_);
  }

  // The server answers everything that was said so far.
  void answer() {
    if (!conversation_.outbox.has_next()) return;
    std::span<const std::byte> said = conversation_.outbox.next();
    while (!said.empty()) {
      const wire::Parsed parsed = wire::parse(said, kMaxFrameBytes, true);
      check(parsed.status == wire::ParseStatus::complete, "a session says whole frames");
      answer_frame(said.first(parsed.size));
      said = said.subspan(parsed.size);
    }
    conversation_.outbox.sent();
  }

  // Somebody else says something.
  void hear(std::uint8_t size) {
    if (!joined_ || left_) return;
    Bytes frame(wire::kOverheadBytes + size % 96);
    const Bytes payload(frame.size() - wire::kOverheadBytes);
    wire::build(frame, {.sequence = random_.next(), .act = wire::ZoneAct::broadcast}, payload);
    deliver(frame, ++latest_);
  }

  // The server says something on its own.
  void tick() {
    if (!joined_ || left_) return;
    const Bytes payload(kTickBytes - wire::kOverheadBytes);
    Bytes built(wire::kDeliveryHeadBytes + kTickBytes);
    wire::build_tick(built, {latest_ + 1, now_ns_, now_ns_}, payload);
    deliver(wire::frame_of(built), ++latest_);
  }

  void leave_out(bool silently) {
    ++latest_;
    if (silently) {
      spoilt_ = true;
    } else {
      ++skipped_;
    }
  }

  void repeat() {
    coming_.insert(coming_.end(), last_.begin(), last_.end());
    spoilt_ = spoilt_ || !last_.empty();
  }

  void alter(std::size_t at) {
    if (coming_.empty()) return;
    coming_[at % coming_.size()] ^= std::byte{1};
    altered_ = true;
  }

  void insert(std::span<const std::byte> bytes) {
    coming_.insert(coming_.end(), bytes.begin(), bytes.end());
    altered_ = altered_ || !bytes.empty();
  }

  // False when the fleet would end the connection.
  bool receive(std::size_t most) {
    const auto room = conversation_.inbox.room();
    check(!room.empty(), "a receive has room");
    const std::size_t size = std::min({room.size(), coming_.size(), most});
    std::copy_n(coming_.begin(), size, room.begin());
    coming_.erase(coming_.begin(), coming_.begin() + static_cast<std::ptrdiff_t>(size));
    conversation_.inbox.commit(size);
    for (;;) {
      parse_exactly(conversation_.inbox.unread());
      const Received received = dialect_.read_answer(conversation_);
      if (received.kind == Received::Kind::incomplete) return true;
      const bool sound = !altered_ && !spoilt_;
      if (received.kind == Received::Kind::corrupt) {
        check(!sound, "what the server says is accepted");
        return false;
      }
      const bool is_zones =
          received.kind == Received::Kind::delivery || received.kind == Received::Kind::tick;
      if (!is_zones) continue;
      check(!sound || received.finding == Finding::expected, "deliveries are as expected");
    }
  }

  ~Member() {
    check(conversation_.zone.give_up() == 0 || altered_ || spoilt_, "nothing is missing");
  }

 private:
  void answer_frame(std::span<const std::byte> frame) {
    const wire::Header header = wire::header_of(frame);
    switch (header.act) {
      case wire::ZoneAct::join: {
        check(wire::join_of(frame) == kZones.of_session(kSession), "it joins its zone");
        Bytes answer(wire::kJoinedBytes);
        skipped_ = 0;
        wire::build_joined(answer, header, {kZones.of_session(kSession), latest_});
        coming_.insert(coming_.end(), answer.begin(), answer.end());
        joined_ = true;
        return;
      }
      case wire::ZoneAct::leave: {
        Bytes answer(wire::kLeftBytes);
        wire::build_left(answer, header, {latest_, skipped_});
        coming_.insert(coming_.end(), answer.begin(), answer.end());
        left_ = true;
        return;
      }
      case wire::ZoneAct::broadcast:
        return deliver(frame, ++latest_);
      case wire::ZoneAct::none:
      case wire::ZoneAct::tick:
        check(false, "a session in a zone broadcasts");
    }
  }

  void deliver(std::span<const std::byte> frame, std::uint64_t number) {
    last_.assign(wire::kDeliveryHeadBytes + frame.size(), {});
    std::copy(frame.begin(), frame.end(), last_.begin() + wire::kDeliveryHeadBytes);
    wire::write_delivery_head(last_, {number, std::exchange(skipped_, 0), 0});
    coming_.insert(coming_.end(), last_.begin(), last_.end());
  }

  Random& random_;
  fleet::ZoneDialect dialect_;
  fleet::Conversation conversation_;
  Bytes coming_;
  Bytes last_;  // delivery
  std::int64_t now_ns_ = 0;
  std::uint64_t latest_ = 0;
  std::uint32_t skipped_ = 0;
  bool joined_ = false;
  bool left_ = false;
  bool altered_ = false;  // other bytes than the server's have come
  bool spoilt_ = false;   // or not as a server may say them
};

}  // namespace

void try_zone(Input& input) {
  const std::uint64_t first_sequence = input.word();
  Random random(first_sequence);
  Member member(random, first_sequence);
  while (!input.empty()) {
    const std::uint8_t turn = input.byte();
    switch (turn % 9) {
      case 0:
        member.send();
        break;
      case 1:
      case 2:
        member.answer();
        break;
      case 3:
        if (turn >= 0x80) {
          member.tick();
        } else {
          member.hear(turn);
        }
        break;
      case 4:
        member.leave_out(turn >= 0x80);
        break;
      case 5:
        member.repeat();
        break;
      case 6:
        member.alter(input.word());
        break;
      case 7:
        member.insert(input.bytes(turn / 9));
        break;
      case 8:
        if (turn >= 0x80) member.leave();
        break;
    }
    if (!member.receive(input.byte())) return;
  }
}

}  // namespace oversoak::fuzz
