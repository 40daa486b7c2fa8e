#include "wire/frame.h"

#include <algorithm>
#include <concepts>

#include "wire/crc32c.h"

namespace oversoak::wire {
namespace {

constexpr std::size_t kReservedOffset = 2;
constexpr std::size_t kSequenceOffset = 4;
constexpr std::size_t kIntendedOffset = 12;
constexpr std::size_t kSentOffset = 20;
constexpr std::size_t kStampsOffset = 28;

template <std::unsigned_integral T>
T read(std::span<const std::byte> from, std::size_t offset) noexcept {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(std::to_integer<T>(from[offset + i]) << (8 * i)));
  }
  return value;
}

template <std::unsigned_integral T>
void write(std::span<std::byte> to, std::size_t offset, T value) noexcept {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    to[offset + i] = static_cast<std::byte>((value >> (8 * i)) & 0xFF);
  }
}

std::int64_t read_time(std::span<const std::byte> from, std::size_t offset) noexcept {
  return static_cast<std::int64_t>(read<std::uint64_t>(from, offset));
}

void write_time(std::span<std::byte> to, std::size_t offset, std::int64_t time_ns) noexcept {
  write(to, offset, static_cast<std::uint64_t>(time_ns));
}

std::uint32_t checksum(std::span<const std::byte> frame) noexcept {
  const auto payload = frame.subspan(kHeaderBytes, frame.size() - kHeaderBytes - kChecksumBytes);
  return crc32c(payload, crc32c(frame.first(kStampsOffset)));
}

}  // namespace

Parsed parse(std::span<const std::byte> data, std::size_t max_frame_bytes) noexcept {
  if (data.size() < kLengthBytes) return {ParseStatus::incomplete};
  const std::size_t size = kLengthBytes + read<std::uint16_t>(data, 0);
  if (size < kOverheadBytes) return {ParseStatus::malformed};
  if (size > max_frame_bytes) return {ParseStatus::oversized};
  if (data.size() < size) return {ParseStatus::incomplete};
  const auto frame = data.first(size);
  if (read<std::uint16_t>(frame, kReservedOffset) != 0) return {ParseStatus::malformed};
  if (read<std::uint32_t>(frame, size - kChecksumBytes) != checksum(frame)) {
    return {ParseStatus::checksum_mismatch};
  }
  return {ParseStatus::complete, size};
}

Header header_of(std::span<const std::byte> frame) noexcept {
  return {read<std::uint64_t>(frame, kSequenceOffset), read_time(frame, kIntendedOffset),
          read_time(frame, kSentOffset)};
}

Stamps stamps_of(std::span<const std::byte> frame) noexcept {
  return {read_time(frame, kStampsOffset), read_time(frame, kStampsOffset + 8),
          read_time(frame, kStampsOffset + 16), read_time(frame, kStampsOffset + 24)};
}

void write_stamps(std::span<std::byte> frame, const Stamps& stamps) noexcept {
  write_time(frame, kStampsOffset, stamps.received_ns);
  write_time(frame, kStampsOffset + 8, stamps.routed_ns);
  write_time(frame, kStampsOffset + 16, stamps.dequeued_ns);
  write_time(frame, kStampsOffset + 24, stamps.handled_ns);
}

void build(std::span<std::byte> frame, const Header& header,
           std::span<const std::byte> payload) noexcept {
  write(frame, 0, static_cast<std::uint16_t>(frame.size() - kLengthBytes));
  write(frame, kReservedOffset, std::uint16_t{0});
  write(frame, kSequenceOffset, header.sequence);
  write_time(frame, kIntendedOffset, header.intended_ns);
  write_time(frame, kSentOffset, header.sent_ns);
  write_stamps(frame, {});
  std::copy(payload.begin(), payload.end(), frame.begin() + kHeaderBytes);
  write(frame, frame.size() - kChecksumBytes, checksum(frame));
}

}  // namespace oversoak::wire
