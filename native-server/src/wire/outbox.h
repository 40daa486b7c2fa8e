#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "wire/byte_buffer.h"

namespace oversoak::wire {

// Bytes to be sent on one connection: at most one send in flight, everything else queues behind it.
// The bytes in flight never move until `sent`; what is appended meanwhile goes into the other
// buffer. Both keep their capacity, so a steady state allocates nothing.
// Thread: the owner of the connection.
class Outbox {
 public:
  explicit Outbox(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  // Room for `size` bytes at the end of the queue; empty when that would pass the limit.
  std::span<std::byte> append(std::size_t size) {
    if (queued_.size() + size > limit_bytes_) return {};
    queued_.resize(queued_.size() + size);
    return std::span(queued_).last(size);
  }

  bool in_flight() const noexcept { return !flying_.empty(); }
  std::size_t in_flight_bytes() const noexcept { return flying_.size() - flown_bytes_; }
  bool empty() const noexcept { return queued_.empty() && flying_.empty(); }
  bool has_next() const noexcept { return !in_flight() && !queued_.empty(); }

  // Takes everything queued into flight. Only when has_next(). Nothing may write to it any more
  // once its send is posted.
  std::span<std::byte> next() noexcept {
    std::swap(queued_, flying_);
    return flying_;
  }

  // A send has taken `bytes` of what is in flight. What is left of it stays in flight, where it is.
  std::span<const std::byte> left_after(std::size_t bytes) noexcept {
    flown_bytes_ += bytes;
    return std::span(flying_).subspan(flown_bytes_);
  }

  // What is in flight has ended, well or not.
  void sent() noexcept {
    flying_.clear();
    flown_bytes_ = 0;
  }

  void clear() noexcept {
    queued_.clear();
    sent();
  }

 private:
  std::size_t limit_bytes_;
  ByteBuffer queued_;
  ByteBuffer flying_;
  std::size_t flown_bytes_ = 0;  // of what is in flight
};

}  // namespace oversoak::wire
