#pragma once

#include <cstddef>
#include <cstring>
#include <span>

#include "wire/byte_buffer.h"

namespace oversoak::wire {

// Received bytes of one connection that are not yet whole frames. The free room is what a receive
// is posted on, so nothing here moves between `room()` and `commit()`.
// Thread: the owner of the connection.
class Inbox {
 public:
  // Room for two of the longest frames, so that the rest of one never forces a short receive.
  explicit Inbox(std::size_t max_frame_bytes) : buffer_(2 * max_frame_bytes) {}

  // Where the next receive writes; never empty, as whole frames are consumed before.
  std::span<std::byte> room() noexcept {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    return std::span(buffer_).subspan(end_);
  }

  void commit(std::size_t received) noexcept { end_ += received; }

  std::span<std::byte> unread() noexcept {
    return std::span(buffer_).subspan(begin_, end_ - begin_);
  }

  std::span<const std::byte> unread() const noexcept {
    return std::span(buffer_).subspan(begin_, end_ - begin_);
  }

  void consume(std::size_t size) noexcept { begin_ += size; }

  void clear() noexcept { begin_ = end_ = 0; }

 private:
  ByteBuffer buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace oversoak::wire
