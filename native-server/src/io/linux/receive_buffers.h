#pragma once

#include <liburing.h>

#include <cstddef>
#include <memory>
#include <span>

namespace oversoak::io {

// Provided buffers: the kernel takes one for a receive of the ring when bytes arrive, not before.
// Pages that no message has used take no memory. Thread: the ring's.
class ReceiveBuffers {
 public:
  // Throws std::runtime_error where the kernel has no such buffers (Linux 5.19 has).
  explicit ReceiveBuffers(io_uring& ring);
  // Only while nothing of the ring receives.
  ~ReceiveBuffers();
  ReceiveBuffers(const ReceiveBuffers&) = delete;
  ReceiveBuffers& operator=(const ReceiveBuffers&) = delete;

  // What a request names them by.
  static constexpr unsigned short kGroup = 0;
  static constexpr unsigned kCount = 1024;  // a power of two
  static constexpr std::size_t kBytes = 2048;

  std::span<const std::byte> bytes(unsigned buffer, std::size_t size) const noexcept {
    return {&bytes_[buffer * kBytes], size};
  }

  // The kernel may fill it again.
  void give_back(unsigned buffer) noexcept;

 private:
  io_uring& ring_;
  io_uring_buf_ring* shared_;
  std::unique_ptr<std::byte[]> bytes_;
};

}  // namespace oversoak::io
