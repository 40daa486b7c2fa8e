#pragma once

#include "io/readiness.h"

struct epoll_event;

namespace oversoak::io {

// epoll, edge-triggered: the kernel reports a socket as readable or writable once, and again only
// when more bytes or more room arrive. So a wait is one call, however many sessions there are, and
// a socket without a posted receive does not keep the thread awake.
class Epoll final : public Readiness {
 public:
  Epoll();
  ~Epoll() override;

  std::size_t capacity() const noexcept override;
  Error connect(Channel& channel, const Address& server) override;

 private:
  Error watch(Channel& channel) override;
  void unwatch(Channel& channel) noexcept override;
  void poll(std::int64_t until_ns) override;
  void interrupt() noexcept override;

  void take(const epoll_event& event);
  void take_interrupt() noexcept;

  int epoll_;
  int waker_;  // an eventfd: a write of another thread makes it readable here
};

}  // namespace oversoak::io
