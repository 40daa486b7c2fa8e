#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "wire/frame.h"

// What zones add to the frames of wire/frame.h. The client says which zone it joins; from then on
// each of its broadcasts goes to every member of the zone, itself included. All integers are
// little-endian; a number of a zone counts its deliveries from 1.
//
//   frame                payload
//   join                 u32 zone
//   the answer to it     u32 zone, u64 number of the zone's latest delivery before it
//   leave                nothing
//   the answer to it     u64 number of the zone's latest delivery before it, u32 deliveries that
//                        were left out after the last one
//   broadcast            any
//
// A broadcast is delivered as the frame that its client sent, under the client's checksum and with
// the server's stamps, behind a head:
//
//   offset  size  field
//        0     2  length    26: no frame is so short
//        2     2  kind      4
//        4     8  number    of this delivery in the zone
//       12     4  skipped   deliveries before it that the server left out for this member
//       16     6  ordered   ns from the frame's `received` to when it was given its number
//       22     2  reserved  0
//       24     4  CRC-32C   over bytes 0..23
//
// A tick is delivered alike, and nobody sent it: the server builds its frame. There the sequence is
// the number, `intended` is when the tick was due, and `sent` and the stamps are when it was built,
// all in the server's clock.
namespace oversoak::wire {

inline constexpr std::size_t kDeliveryHeadBytes = 28;

struct DeliveryHead {
  std::uint64_t number = 0;
  std::uint32_t skipped = 0;
  std::int64_t ordered_since_ns = 0;  // since the frame's `received`
};

// Whether the received bytes are the start of a delivery; nothing: more bytes are needed.
std::optional<bool> begins_delivery(std::span<const std::byte> data) noexcept;

// Looks at the delivery that starts at data[0]: its head, and its frame of at most
// `max_frame_bytes`. `size` is that of both. Never reads past `data`.
Parsed parse_delivery(std::span<const std::byte> data, std::size_t max_frame_bytes) noexcept;

// Of a delivery that `parse_delivery` called complete.
DeliveryHead delivery_head_of(std::span<const std::byte> delivery) noexcept;
inline std::span<const std::byte> frame_of(std::span<const std::byte> delivery) noexcept {
  return delivery.subspan(kDeliveryHeadBytes);
}

void write_delivery_head(std::span<std::byte> delivery, const DeliveryHead& head) noexcept;

struct Tick {
  std::uint64_t number = 0;  // in the zone
  std::int64_t due_ns = 0;
  std::int64_t built_ns = 0;
};

// Fills `delivery` as the delivery of a tick; the payload is as long as its frame has room.
void build_tick(std::span<std::byte> delivery, const Tick& tick,
                std::span<const std::byte> payload) noexcept;

// A zone is named by its number. Requests and their answers, each a whole frame; those that read
// one return nothing where the payload is not as long as it must be.
inline constexpr std::size_t kJoinBytes = kOverheadBytes + 4;
inline constexpr std::size_t kJoinedBytes = kOverheadBytes + 12;
inline constexpr std::size_t kLeaveBytes = kOverheadBytes;
inline constexpr std::size_t kLeftBytes = kOverheadBytes + 12;

struct Joined {
  std::uint32_t zone = 0;
  std::uint64_t number = 0;
};
struct Left {
  std::uint64_t number = 0;
  std::uint32_t skipped = 0;
};

void build_join(std::span<std::byte> frame, const Header& header, std::uint32_t zone) noexcept;
void build_leave(std::span<std::byte> frame, const Header& header) noexcept;
void build_joined(std::span<std::byte> frame, const Header& header, const Joined& joined) noexcept;
void build_left(std::span<std::byte> frame, const Header& header, const Left& left) noexcept;
std::optional<std::uint32_t> join_of(std::span<const std::byte> frame) noexcept;
std::optional<Joined> joined_of(std::span<const std::byte> frame) noexcept;
std::optional<Left> left_of(std::span<const std::byte> frame) noexcept;

}  // namespace oversoak::wire
