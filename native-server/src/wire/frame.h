#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/parsed.h"

// One message of the echo contract. All integers are little-endian.
//
//   offset  size  field
//        0     2  length    bytes that follow this field
//        2     2  answer    0: the answer is this frame itself, an echo; otherwise the length field
//        of
//                           the frame that answers, which has the same bytes from here to 27;
//                           1 to 4, where zones are spoken: a ZoneAct (wire/zone.h)
//        4     8  sequence  unique and rising per connection
//       12     8  intended  when the message was due, client clock, ns
//       20     8  sent      when it was built for sending, client clock, ns
//       28     8  received  the server's stamps (see Stamps): a time of its clock, ns,
//       36     6  routed    and four more as ns since `received`, from 0 to 2^48 - 1 (78 hours);
//       42     6  dequeued  all 0 from the client
//       48     6  handled
//       54     6  sending
//       60     n  payload
//     60+n     4  CRC-32C   over bytes 0..27 and the payload
//
// The checksum leaves the stamps out, so the server sends back the client's own checksum and the
// client verifies its message end to end. Two clocks are never subtracted from one another.
//
// The payload of a frame that answers is the request's, again and again until it is full (zeros if
// the request has none), under a checksum of the server's.
namespace oversoak::wire {

inline constexpr std::size_t kLengthBytes = 2;
inline constexpr std::size_t kStampsOffset = 28;
inline constexpr std::size_t kHeaderBytes = 60;
inline constexpr std::size_t kChecksumBytes = 4;
inline constexpr std::size_t kOverheadBytes = kHeaderBytes + kChecksumBytes;

// The way of a frame through the server, in the server's clock.
struct Stamps {
  std::int64_t received_ns = 0;  // the IO thread took the completion
  std::int64_t routed_ns = 0;    // the player container's lock was had and the player looked up
  std::int64_t dequeued_ns = 0;  // the content thread took the message
  std::int64_t handled_ns = 0;   // the content's work was done
  std::int64_t sending_ns = 0;   // the send that carries the frame was posted
  // Of a delivery it got its number in between; 0: of another frame. In the head (wire/zone.h).
  std::int64_t ordered_ns = 0;
};

// What a frame is to the zone of its session.
enum class ZoneAct : std::uint8_t { none, broadcast, join, leave, tick };

struct Header {
  std::uint64_t sequence = 0;
  std::int64_t intended_ns = 0;
  std::int64_t sent_ns = 0;
  std::size_t answer_bytes = 0;  // of the whole frame that answers; 0: an echo, or a zone's
  ZoneAct act = ZoneAct::none;
};

// Looks at the frame that starts at data[0]. Never reads past `data`. Neither the frame nor its
// answer may be longer than `max_frame_bytes`. With `zones` a frame may be any ZoneAct.
Parsed parse(std::span<const std::byte> data, std::size_t max_frame_bytes,
             bool zones = false) noexcept;

// Of a frame that `parse` called complete.
Header header_of(std::span<const std::byte> frame) noexcept;
Stamps stamps_of(std::span<const std::byte> frame) noexcept;

// What lies before `received_ns` is written as that, what lies too long after it as the longest.
void write_stamps(std::span<std::byte> frame, const Stamps& stamps) noexcept;

// Fills in `sending` alone, in each of a run of whole frames and deliveries (wire/zone.h): what an
// outbox puts in flight.
void write_sending(std::span<std::byte> frames, std::int64_t now_ns) noexcept;

// Fills `frame` (kOverheadBytes to 65,537 bytes) as one whole frame; the payload is copied from
// `payload`, which must be frame.size() - kOverheadBytes long.
void build(std::span<std::byte> frame, const Header& header,
           std::span<const std::byte> payload) noexcept;

// Of a frame that `parse` called complete: the bytes of the whole answer.
std::size_t answer_bytes_of(std::span<const std::byte> request) noexcept;

// Fills `answer`, which is answer_bytes_of(request) long, with the request's header and stamps.
void build_answer(std::span<std::byte> answer, std::span<const std::byte> request) noexcept;

// The bytes between the header and the checksum.
std::span<const std::byte> payload_of(std::span<const std::byte> frame) noexcept;

// Of a frame that `parse` called complete: whether it is what `build_answer` makes of a request
// with this payload.
bool is_answer(std::span<const std::byte> frame, std::span<const std::byte> payload) noexcept;

}  // namespace oversoak::wire
