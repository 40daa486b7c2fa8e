#include "wire/protocol.h"

#include <algorithm>
#include <array>

#include "fatal.h"
#include "wire/echo8.h"
#include "wire/frame.h"

namespace oversoak::wire {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 3> kNames{"oversoak", "echo8", "raw"};

Parsed parse_raw(std::span<const std::byte> data, std::size_t max_frame_bytes) noexcept {
  if (data.empty()) return {ParseStatus::incomplete};
  return {ParseStatus::complete, std::min(data.size(), max_frame_bytes)};
}

}  // namespace

std::string_view name_of(Protocol protocol) noexcept {
  return kNames[static_cast<std::size_t>(protocol)];
}

std::optional<Protocol> find_protocol(std::string_view name) noexcept {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Protocol>(found - kNames.begin());
}

Parsed parse(Protocol protocol, std::span<const std::byte> data,
             std::size_t max_frame_bytes) noexcept {
  switch (protocol) {
    case Protocol::oversoak:
      return parse(data, max_frame_bytes);
    case Protocol::echo8:
      return echo8::parse(data);
    case Protocol::raw:
      return parse_raw(data, max_frame_bytes);
  }
  fatal("a protocol without a parser");
}

std::size_t answer_bytes(Protocol protocol, std::span<const std::byte> message) noexcept {
  return protocol == Protocol::oversoak ? answer_bytes_of(message) : message.size();
}

void write_answer(Protocol protocol, std::span<std::byte> answer,
                  std::span<const std::byte> message) noexcept {
  if (protocol == Protocol::oversoak && header_of(message).answer_bytes != 0) {
    return build_answer(answer, message);
  }
  std::copy(message.begin(), message.end(), answer.begin());
}

}  // namespace oversoak::wire
