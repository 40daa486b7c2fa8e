#include "io/linux/receive_buffers.h"

#include <sys/mman.h>

#include <cerrno>
#include <stdexcept>

#include "io/error.h"

namespace oversoak::io {
namespace {

constexpr std::size_t kSharedBytes = ReceiveBuffers::kCount * sizeof(io_uring_buf);

std::runtime_error failed(const char* what, int error) {
  return std::runtime_error(std::string(what) +
                            " failed: " + Error(static_cast<std::uint32_t>(error)).describe());
}

}  // namespace

ReceiveBuffers::ReceiveBuffers(io_uring& ring)
    : ring_(ring), bytes_(std::make_unique_for_overwrite<std::byte[]>(kCount * kBytes)) {
  void* pages =
      mmap(nullptr, kSharedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw failed("mmap", errno);
  shared_ = static_cast<io_uring_buf_ring*>(pages);
  io_uring_buf_reg description{};
  description.ring_addr = reinterpret_cast<std::uintptr_t>(pages);
  description.ring_entries = kCount;
  description.bgid = kGroup;
  const int result = io_uring_register_buf_ring(&ring_, &description, 0);
  if (result < 0) {
    munmap(pages, kSharedBytes);
    throw failed("io_uring_register_buf_ring", -result);
  }
  io_uring_buf_ring_init(shared_);
  for (unsigned buffer = 0; buffer < kCount; ++buffer) give_back(buffer);
}

ReceiveBuffers::~ReceiveBuffers() {
  io_uring_unregister_buf_ring(&ring_, kGroup);
  munmap(shared_, kSharedBytes);
}

void ReceiveBuffers::give_back(unsigned buffer) noexcept {
  io_uring_buf_ring_add(shared_, &bytes_[buffer * kBytes], kBytes,
                        static_cast<unsigned short>(buffer), io_uring_buf_ring_mask(kCount), 0);
  io_uring_buf_ring_advance(shared_, 1);
}

}  // namespace oversoak::io
