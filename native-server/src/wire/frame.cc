#include "wire/frame.h"

#include <algorithm>

#include "wire/crc32c.h"
#include "wire/little_endian.h"

namespace oversoak::wire {
namespace {

constexpr std::size_t kAnswerOffset = 2;
constexpr std::size_t kSequenceOffset = 4;
constexpr std::size_t kIntendedOffset = 12;
constexpr std::size_t kSentOffset = 20;
constexpr std::size_t kReceivedOffset = 28;
constexpr std::size_t kRoutedOffset = 36;
constexpr std::size_t kDequeuedOffset = 42;
constexpr std::size_t kHandledOffset = 48;
constexpr std::size_t kSendingOffset = 54;
constexpr std::size_t kSinceBytes = 6;  // of a stamp that counts from `received`
constexpr std::uint64_t kLongestSince_ns = (std::uint64_t{1} << (8 * kSinceBytes)) - 1;

std::int64_t read_time(std::span<const std::byte> from, std::size_t offset) noexcept {
  return static_cast<std::int64_t>(read<std::uint64_t>(from, offset));
}

void write_time(std::span<std::byte> to, std::size_t offset, std::int64_t time_ns) noexcept {
  write(to, offset, static_cast<std::uint64_t>(time_ns));
}

// A peer may send any times, so these add and subtract without overflow.
std::int64_t read_since(std::span<const std::byte> from, std::size_t offset,
                        std::int64_t received_ns) noexcept {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(received_ns) +
                                   read<std::uint64_t, kSinceBytes>(from, offset));
}

void write_since(std::span<std::byte> to, std::size_t offset, std::int64_t time_ns,
                 std::int64_t received_ns) noexcept {
  const std::uint64_t since_ns =
      time_ns <= received_ns
          ? 0
          : static_cast<std::uint64_t>(time_ns) - static_cast<std::uint64_t>(received_ns);
  write<std::uint64_t, kSinceBytes>(to, offset, std::min(since_ns, kLongestSince_ns));
}

std::span<std::byte> payload_in(std::span<std::byte> frame) noexcept {
  return frame.subspan(kHeaderBytes, frame.size() - kOverheadBytes);
}

ZoneAct act_of(std::span<const std::byte> frame) noexcept {
  const std::size_t answer = read<std::uint16_t>(frame, kAnswerOffset);
  return answer <= static_cast<std::size_t>(ZoneAct::tick) ? static_cast<ZoneAct>(answer)
                                                           : ZoneAct::none;
}

std::uint32_t checksum(std::span<const std::byte> frame) noexcept {
  return crc32c(payload_of(frame), crc32c(frame.first(kReceivedOffset)));
}

}  // namespace

std::span<const std::byte> payload_of(std::span<const std::byte> frame) noexcept {
  return frame.subspan(kHeaderBytes, frame.size() - kOverheadBytes);
}

Parsed parse(std::span<const std::byte> data, std::size_t max_frame_bytes, bool zones) noexcept {
  if (data.size() < kLengthBytes) return {ParseStatus::incomplete};
  const std::size_t size = kLengthBytes + read<std::uint16_t>(data, 0);
  if (size < kOverheadBytes) return {ParseStatus::malformed};
  if (size > max_frame_bytes) return {ParseStatus::oversized};
  if (data.size() < size) return {ParseStatus::incomplete};
  const auto frame = data.first(size);
  const bool is_zones = zones && act_of(frame) != ZoneAct::none;
  const std::size_t answer = is_zones ? size : answer_bytes_of(frame);
  if (answer < kOverheadBytes) return {ParseStatus::malformed};
  if (answer > max_frame_bytes) return {ParseStatus::oversized};
  if (read<std::uint32_t>(frame, size - kChecksumBytes) != checksum(frame)) {
    return {ParseStatus::checksum_mismatch};
  }
  return {ParseStatus::complete, size};
}

Header header_of(std::span<const std::byte> frame) noexcept {
  const std::size_t answer = read<std::uint16_t>(frame, kAnswerOffset);
  const ZoneAct act = act_of(frame);
  const bool is_sized = answer != 0 && act == ZoneAct::none;
  return {read<std::uint64_t>(frame, kSequenceOffset), read_time(frame, kIntendedOffset),
          read_time(frame, kSentOffset), is_sized ? kLengthBytes + answer : 0, act};
}

Stamps stamps_of(std::span<const std::byte> frame) noexcept {
  const std::int64_t received_ns = read_time(frame, kReceivedOffset);
  return {received_ns, read_since(frame, kRoutedOffset, received_ns),
          read_since(frame, kDequeuedOffset, received_ns),
          read_since(frame, kHandledOffset, received_ns),
          read_since(frame, kSendingOffset, received_ns)};
}

void write_stamps(std::span<std::byte> frame, const Stamps& stamps) noexcept {
  write_time(frame, kReceivedOffset, stamps.received_ns);
  write_since(frame, kRoutedOffset, stamps.routed_ns, stamps.received_ns);
  write_since(frame, kDequeuedOffset, stamps.dequeued_ns, stamps.received_ns);
  write_since(frame, kHandledOffset, stamps.handled_ns, stamps.received_ns);
  write_since(frame, kSendingOffset, stamps.sending_ns, stamps.received_ns);
}

void write_sending(std::span<std::byte> frames, std::int64_t now_ns) noexcept {
  while (!frames.empty()) {
    const std::size_t size = kLengthBytes + read<std::uint16_t>(frames, 0);
    // The head of a delivery is shorter than any frame.
    if (size >= kOverheadBytes) {
      write_since(frames, kSendingOffset, now_ns, read_time(frames, kReceivedOffset));
    }
    frames = frames.subspan(size);
  }
}

void build(std::span<std::byte> frame, const Header& header,
           std::span<const std::byte> payload) noexcept {
  write(frame, 0, static_cast<std::uint16_t>(frame.size() - kLengthBytes));
  const std::size_t sized = header.answer_bytes == 0 ? 0 : header.answer_bytes - kLengthBytes;
  const bool is_zones = header.act != ZoneAct::none;
  write(frame, kAnswerOffset,
        static_cast<std::uint16_t>(is_zones ? static_cast<std::size_t>(header.act) : sized));
  write(frame, kSequenceOffset, header.sequence);
  write_time(frame, kIntendedOffset, header.intended_ns);
  write_time(frame, kSentOffset, header.sent_ns);
  write_stamps(frame, {});
  std::copy(payload.begin(), payload.end(), frame.begin() + kHeaderBytes);
  write(frame, frame.size() - kChecksumBytes, checksum(frame));
}

std::size_t answer_bytes_of(std::span<const std::byte> request) noexcept {
  const std::size_t answer = read<std::uint16_t>(request, kAnswerOffset);
  return answer == 0 ? request.size() : kLengthBytes + answer;
}

void build_answer(std::span<std::byte> answer, std::span<const std::byte> request) noexcept {
  std::copy_n(request.begin(), kHeaderBytes, answer.begin());
  write(answer, 0, static_cast<std::uint16_t>(answer.size() - kLengthBytes));
  const auto source = payload_of(request);
  auto left = payload_in(answer);
  if (source.empty()) std::fill(left.begin(), left.end(), std::byte{0});
  while (!source.empty() && !left.empty()) {
    const std::size_t run = std::min(source.size(), left.size());
    std::copy_n(source.begin(), run, left.begin());
    left = left.subspan(run);
  }
  write(answer, answer.size() - kChecksumBytes, checksum(answer));
}

bool is_answer(std::span<const std::byte> frame, std::span<const std::byte> payload) noexcept {
  const auto answer = payload_of(frame);
  if (payload.empty()) {
    return std::ranges::all_of(answer, [](std::byte byte) { return byte == std::byte{0}; });
  }
  // A payload again and again: it begins with the payload, and each byte is that one payload
  // before.
  const std::size_t first = std::min(payload.size(), answer.size());
  return std::ranges::equal(answer.first(first), payload.first(first)) &&
         std::ranges::equal(answer.subspan(first), answer.first(answer.size() - first));
}

}  // namespace oversoak::wire
