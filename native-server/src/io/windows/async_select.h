#pragma once

#include "io/readiness.h"
#include "io/windows/winsock.h"

namespace oversoak::io {

// WSAAsyncSelect: readiness is reported as a message to a window, here a message-only window. The
// network events, and when they are repeated, are those of WSAEventSelect.
//
// Each slot has its own message number. A message can outlive its registration; close() removes
// those that are queued, and one that arrives later is a false hint for the slot's next session,
// which is harmless.
class AsyncSelect final : public Readiness {
 public:
  AsyncSelect();

  // A thread's queue holds 10,000 posted messages. A session has at most three in it, one each of
  // FD_READ, FD_WRITE and FD_CLOSE, and there is the one of a wake.
  static constexpr std::size_t kSessionsPerThread = 3333;

  std::size_t capacity() const noexcept override;

 private:
  Error watch(Channel& channel) override;
  void unwatch(Channel& channel) noexcept override;
  void poll(std::int64_t until_ns) override;
  void interrupt() noexcept override;

  void take(const MSG& message);

  // The thread's; the system destroys it when the thread ends, and no other thread could.
  HWND window_;
};

}  // namespace oversoak::io
