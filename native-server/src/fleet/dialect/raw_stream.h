#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace oversoak::fleet {

// The byte stream of one connection of a protocol without message bounds: the position in the
// stream determines each byte, so every returned byte is compared with it. The messages that the
// fleet counts are ranges of the stream; a message is echoed when its last byte has returned.
class RawStream {
 public:
  // A new connection. The stream goes round and round in the source from `start` on; at most
  // `max_messages` (a power of two) are out at a time.
  void begin(std::size_t start, std::size_t max_messages);

  // Fills `message` with the next bytes of the stream.
  void write(std::span<const std::byte> source, std::span<std::byte> message) noexcept;

  struct Taken {
    bool as_sent = true;         // false: other bytes than were sent, or more
    std::size_t bytes = 0;       // looked at, all of one message
    bool whole_message = false;  // with them the oldest message is echoed
  };

  // Looks at what has come back.
  Taken take(std::span<const std::byte> source, std::span<const std::byte> bytes) noexcept;

  // The next byte that has to come back: its place in the stream and in the source, and how many
  // of its message are left.
  struct Next {
    std::uint64_t offset = 0;
    std::size_t at = 0;
    std::size_t left = 0;
  };
  Next next(std::size_t source_bytes) const noexcept;

  // Messages written and not echoed.
  std::uint64_t messages_out() const noexcept { return written_ - echoed_; }

 private:
  std::uint64_t& end_of(std::uint64_t message) noexcept {
    return ends_[message & (ends_.size() - 1)];
  }

  std::size_t start_ = 0;
  std::vector<std::uint64_t> ends_;  // a ring: where in the stream each message that is out ends
  std::uint64_t written_ = 0;        // messages
  std::uint64_t echoed_ = 0;
  std::uint64_t written_bytes_ = 0;
  std::uint64_t echoed_bytes_ = 0;
};

}  // namespace oversoak::fleet
