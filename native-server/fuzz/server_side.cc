// What a server makes of a client's bytes: the way of server/io_completions.cc from a receive to a
// message, in every protocol.
#include <vector>

#include "check.h"
#include "sides.h"
#include "wire/frame.h"
#include "wire/inbox.h"

namespace oversoak::fuzz {
namespace {

using wire::Parsed;
using wire::ParseStatus;
using Bytes = std::vector<std::byte>;

constexpr std::size_t kMaxFrameBytes = 256;
// What a connection can bring before the input ends.
constexpr std::size_t kMaxBytes = 1 << 16;

// A frame that a client could have sent: the checksum would keep a fuzzer out.
void append_frame(Bytes& stream, Input& input) {
  const auto payload = input.bytes(input.byte() % (kMaxFrameBytes - wire::kOverheadBytes + 1));
  Bytes frame(wire::kOverheadBytes + payload.size());
  const wire::Header header{input.word(), static_cast<std::int64_t>(input.word()),
                            static_cast<std::int64_t>(input.word())};
  wire::build(frame, header, payload);
  stream.insert(stream.end(), frame.begin(), frame.end());
}

// What the server does with a whole frame: stamps that it writes do not make it another.
void stamp(std::span<std::byte> frame, Input& input) {
  const wire::Header before = wire::header_of(frame);
  wire::Stamps stamps = wire::stamps_of(frame);
  stamps.handled_ns = static_cast<std::int64_t>(input.word());
  wire::write_stamps(frame, stamps);
  wire::write_sending(frame, static_cast<std::int64_t>(input.word()));
  check(wire::parse(frame, kMaxFrameBytes).status == ParseStatus::complete,
        "a stamped frame is valid");
  check(wire::header_of(frame).sequence == before.sequence, "stamps leave the sequence alone");
  check(wire::stamps_of(frame).received_ns == stamps.received_ns, "stamps are read as written");
}

// The unread bytes have others behind them in the inbox; a copy as long as they are has not, and
// reading past it is an error of AddressSanitizer.
Parsed parse_checked(wire::Protocol protocol, std::span<const std::byte> unread) {
  const Bytes exact(unread.begin(), unread.end());
  const Parsed parsed = wire::parse(protocol, exact, kMaxFrameBytes);
  const Parsed in_place = wire::parse(protocol, unread, kMaxFrameBytes);
  check(in_place.status == parsed.status && in_place.size == parsed.size,
        "what lies behind the bytes does not matter");
  return parsed;
}

// False when the connection would be closed.
bool take_messages(wire::Protocol protocol, wire::Inbox& inbox, Input& input) {
  for (;;) {
    const auto unread = inbox.unread();
    const Parsed parsed = parse_checked(protocol, unread);
    if (parsed.status == ParseStatus::incomplete) return true;
    if (parsed.status != ParseStatus::complete) return false;
    check(parsed.size > 0 && parsed.size <= unread.size(), "a message is of what is there");
    check(parsed.size <= kMaxFrameBytes, "a message is no longer than allowed");
    if (protocol == wire::Protocol::oversoak) stamp(unread.first(parsed.size), input);
    inbox.consume(parsed.size);
  }
}

}  // namespace

void try_server(wire::Protocol protocol, Input& input) {
  wire::Inbox inbox(kMaxFrameBytes);
  Bytes stream;
  bool sound = protocol == wire::Protocol::oversoak;  // only whole frames were put in
  std::size_t brought = 0;
  while (!input.empty() && brought < kMaxBytes) {
    const std::uint8_t turn = input.byte();
    if (turn % 4 == 0) {
      append_frame(stream, input);
    } else if (turn % 4 == 1) {
      const auto raw = input.bytes(1 + turn / 4);
      stream.insert(stream.end(), raw.begin(), raw.end());
      sound = false;
    } else if (turn % 4 == 2 && !stream.empty()) {
      stream[input.word() % stream.size()] ^= std::byte{1};
      sound = false;
    }
    // A receive takes a part of what is on its way.
    const auto room = inbox.room();
    check(!room.empty(), "a receive has room");
    const std::size_t size = std::min({room.size(), stream.size(), std::size_t{input.byte()}});
    std::copy_n(stream.begin(), size, room.begin());
    stream.erase(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size));
    inbox.commit(size);
    brought += size;
    if (take_messages(protocol, inbox, input)) continue;
    check(!sound, "valid frames are taken");
    return;
  }
}

}  // namespace oversoak::fuzz
