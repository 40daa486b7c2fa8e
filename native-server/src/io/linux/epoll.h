#pragma once

#include "io/readiness.h"

struct epoll_event;

namespace oversoak::io {

// epoll, edge-triggered: the kernel says once that something can be tried on a socket, and again
// only when more has come or more room is there. So a wait costs one call, however many sessions
// there are, and nothing stays signalled for want of a posted receive.
class Epoll final : public Readiness {
 public:
  Epoll();
  ~Epoll() override;

  std::size_t capacity() const noexcept override;
  Error connect(Channel& channel, const Address& server) override;

 private:
  Error watch(Channel& channel) override;
  void unwatch(Channel& channel) noexcept override;
  void look(std::int64_t until_ns) override;
  void interrupt() noexcept override;

  void take(const epoll_event& event);
  void take_interrupt() noexcept;

  int epoll_;
  int waker_;  // an eventfd: what another thread writes makes it readable here
};

}  // namespace oversoak::io
