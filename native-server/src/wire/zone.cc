#include "wire/zone.h"

#include <algorithm>
#include <array>

#include "wire/crc32c.h"
#include "wire/little_endian.h"

namespace oversoak::wire {
namespace {

constexpr std::uint16_t kDelivery = 4;
constexpr std::size_t kKindOffset = 2;
constexpr std::size_t kNumberOffset = 4;
constexpr std::size_t kSkippedOffset = 12;
constexpr std::size_t kOrderedOffset = 16;
constexpr std::size_t kOrderedBytes = 6;
constexpr std::size_t kReservedOffset = 22;
constexpr std::size_t kChecksumOffset = 24;

Header with_act(Header header, ZoneAct act) noexcept {
  header.answer_bytes = 0;
  header.act = act;
  return header;
}

}  // namespace

std::optional<bool> begins_delivery(std::span<const std::byte> data) noexcept {
  if (data.size() < kLengthBytes) return std::nullopt;
  return read<std::uint16_t>(data, 0) == kDeliveryHeadBytes - kLengthBytes;
}

Parsed parse_delivery(std::span<const std::byte> data, std::size_t max_frame_bytes) noexcept {
  if (data.size() < kDeliveryHeadBytes) return {ParseStatus::incomplete};
  if (read<std::uint16_t>(data, 0) != kDeliveryHeadBytes - kLengthBytes ||
      read<std::uint16_t>(data, kKindOffset) != kDelivery ||
      read<std::uint16_t>(data, kReservedOffset) != 0) {
    return {ParseStatus::malformed};
  }
  if (read<std::uint32_t>(data, kChecksumOffset) != crc32c(data.first(kChecksumOffset))) {
    return {ParseStatus::checksum_mismatch};
  }
  const auto rest = frame_of(data);
  const Parsed parsed = parse(rest, max_frame_bytes, true);
  if (parsed.status != ParseStatus::complete) return {parsed.status};
  const ZoneAct act = header_of(rest).act;
  if (act != ZoneAct::broadcast && act != ZoneAct::tick) return {ParseStatus::malformed};
  return {ParseStatus::complete, kDeliveryHeadBytes + parsed.size};
}

DeliveryHead delivery_head_of(std::span<const std::byte> delivery) noexcept {
  return {read<std::uint64_t>(delivery, kNumberOffset),
          read<std::uint32_t>(delivery, kSkippedOffset),
          static_cast<std::int64_t>(read<std::uint64_t, kOrderedBytes>(delivery, kOrderedOffset))};
}

void write_delivery_head(std::span<std::byte> delivery, const DeliveryHead& head) noexcept {
  constexpr std::int64_t kLongest_ns = (std::int64_t{1} << (8 * kOrderedBytes)) - 1;
  const std::int64_t ordered_ns = std::clamp<std::int64_t>(head.ordered_since_ns, 0, kLongest_ns);
  write(delivery, 0, static_cast<std::uint16_t>(kDeliveryHeadBytes - kLengthBytes));
  write(delivery, kKindOffset, kDelivery);
  write(delivery, kNumberOffset, head.number);
  write(delivery, kSkippedOffset, head.skipped);
  write<std::uint64_t, kOrderedBytes>(delivery, kOrderedOffset,
                                      static_cast<std::uint64_t>(ordered_ns));
  write(delivery, kReservedOffset, std::uint16_t{0});
  write(delivery, kChecksumOffset, crc32c(delivery.first(kChecksumOffset)));
}

void build_tick(std::span<std::byte> delivery, const Tick& tick,
                std::span<const std::byte> payload) noexcept {
  const auto frame = delivery.subspan(kDeliveryHeadBytes);
  const auto& [number, due_ns, built_ns] = tick;
  build(frame,
        {.sequence = number, .intended_ns = due_ns, .sent_ns = built_ns, .act = ZoneAct::tick},
        payload);
  write_stamps(frame, {built_ns, built_ns, built_ns, built_ns, built_ns});
  write_delivery_head(delivery, {number, 0, 0});
}

void build_join(std::span<std::byte> frame, const Header& header, std::uint32_t zone) noexcept {
  std::array<std::byte, kJoinBytes - kOverheadBytes> payload{};
  write(payload, 0, zone);
  build(frame, with_act(header, ZoneAct::join), payload);
}

void build_leave(std::span<std::byte> frame, const Header& header) noexcept {
  build(frame, with_act(header, ZoneAct::leave), {});
}

void build_joined(std::span<std::byte> frame, const Header& header, const Joined& joined) noexcept {
  std::array<std::byte, kJoinedBytes - kOverheadBytes> payload{};
  write(payload, 0, joined.zone);
  write(payload, 4, joined.number);
  build(frame, with_act(header, ZoneAct::join), payload);
}

void build_left(std::span<std::byte> frame, const Header& header, const Left& left) noexcept {
  std::array<std::byte, kLeftBytes - kOverheadBytes> payload{};
  write(payload, 0, left.number);
  write(payload, 8, left.skipped);
  build(frame, with_act(header, ZoneAct::leave), payload);
}

std::optional<std::uint32_t> join_of(std::span<const std::byte> frame) noexcept {
  if (frame.size() != kJoinBytes) return std::nullopt;
  return read<std::uint32_t>(payload_of(frame), 0);
}

std::optional<Joined> joined_of(std::span<const std::byte> frame) noexcept {
  if (frame.size() != kJoinedBytes) return std::nullopt;
  return Joined{read<std::uint32_t>(payload_of(frame), 0),
                read<std::uint64_t>(payload_of(frame), 4)};
}

std::optional<Left> left_of(std::span<const std::byte> frame) noexcept {
  if (frame.size() != kLeftBytes) return std::nullopt;
  return Left{read<std::uint64_t>(payload_of(frame), 0), read<std::uint32_t>(payload_of(frame), 8)};
}

}  // namespace oversoak::wire
