#include "io/linux/accept_ring.h"

#include <sys/socket.h>

#include <cerrno>

#include "fatal.h"
#include "io/linux/ring_setup.h"
#include "io/sockets.h"

namespace oversoak::io {
namespace {

// One request is active at a time.
constexpr unsigned kEntries = 4;
// Connections that were accepted and not taken; the kernel keeps those beyond it until there is
// room.
constexpr unsigned kCompletions = 4096;

[[noreturn]] void failed(const char* what, int result) {
  fatal(what, static_cast<unsigned long>(-result));
}

// The request cannot return it: it would have one place for the addresses of all connections.
Address peer_of(Socket socket) noexcept {
  Address peer;
  socklen_t length = Address::kCapacity;
  return getpeername(socket, peer.fill(), &length) == 0 ? peer : Address();
}

}  // namespace

AcceptRing::AcceptRing(Socket listening)
    // Disabled: the thread that enables the ring becomes its single issuer, and that is not this
    // one.
    : listening_(listening), ring_(make_ring(kEntries, kCompletions, IORING_SETUP_R_DISABLED)) {}

AcceptRing::~AcceptRing() {
  unsigned head;
  io_uring_cqe* entry;
  io_uring_for_each_cqe(&ring_, head, entry) {
    if (entry->res >= 0) close_socket(entry->res);
  }
  io_uring_queue_exit(&ring_);
}

Accepted AcceptRing::accept() noexcept {
  if (!enabled_) enable();
  for (;;) {
    if (!active_) issue();
    const auto [value, last] = next();
    if (last) active_ = false;
    if (value >= 0) return {value, peer_of(value), {}};
    // The kernel gave the request up for reasons of its own.
    if (value == -ECANCELED) continue;
    return {kNoSocket, {}, Error(static_cast<std::uint32_t>(-value))};
  }
}

void AcceptRing::enable() noexcept {
  // Not io_uring_enable_rings(), which the shared library of liburing 2.3 lacks.
  const int result = io_uring_register(static_cast<unsigned>(ring_.ring_fd),
                                       IORING_REGISTER_ENABLE_RINGS, nullptr, 0);
  if (result < 0) failed("the ring that accepts cannot be enabled", result);
  enabled_ = true;
}

void AcceptRing::issue() noexcept {
  io_uring_sqe* entry = io_uring_get_sqe(&ring_);
  if (entry == nullptr) failed("the ring that accepts has no place for its request", -ENOBUFS);
  io_uring_prep_multishot_accept(entry, listening_, nullptr, nullptr, SOCK_CLOEXEC);
  active_ = true;
}

// Waits for the next completion. The request, if it is new, is handed over by the same call.
AcceptRing::Result AcceptRing::next() noexcept {
  io_uring_cqe* entry = nullptr;
  while (io_uring_peek_cqe(&ring_, &entry) != 0) {
    const int result = io_uring_submit_and_wait(&ring_, 1);
    // Busy, or without memory for now: what is there is taken first, or the next call succeeds.
    const bool expected = result >= 0 || result == -EINTR || result == -EBUSY || result == -EAGAIN;
    if (!expected) failed("a wait of the ring that accepts failed", result);
  }
  const Result taken{entry->res, (entry->flags & IORING_CQE_F_MORE) == 0};
  io_uring_cqe_seen(&ring_, entry);
  return taken;
}

}  // namespace oversoak::io
