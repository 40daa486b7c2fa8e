#pragma once

#include <liburing.h>

#include <stdexcept>

#include "io/error.h"

namespace oversoak::io {

// A ring whose completion work runs only within its thread's own calls. That thread is the only one
// that may issue: the caller, or with IORING_SETUP_R_DISABLED in `flags` the one that enables it.
// `completions`: places for them; the kernel keeps those beyond until there is room. Throws
// std::runtime_error where the kernel has no such ring or forbids it.
inline io_uring make_ring(unsigned entries, unsigned completions, unsigned flags = 0) {
  io_uring_params settings{};
  settings.flags =
      IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE | flags;
  settings.cq_entries = completions;
  io_uring ring;
  const int result = io_uring_queue_init_params(entries, &ring, &settings);
  if (result < 0) {
    throw std::runtime_error(
        "io_uring_setup failed: " + Error(static_cast<std::uint32_t>(-result)).describe() +
        " (needs Linux 6.1, and a system that allows io_uring)");
  }
  return ring;
}

}  // namespace oversoak::io
