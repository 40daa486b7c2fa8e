#pragma once

#include <array>

#include "io/readiness.h"
#include "io/windows/winsock.h"

namespace oversoak::io {

// WSAEventSelect: one event per session, signalled when its socket is readable, writable or closed.
// A wait takes 64 handles, so a thread has 63 sessions and a dummy event by which others wake it.
//
// FD_READ is reported once, and again only after a recv that left unread bytes; FD_WRITE once at
// first, and again only after a send that failed with WSAEWOULDBLOCK; FD_CLOSE once. So an event
// does not stay signalled while no receive is posted.
class EventSelect final : public Readiness {
 public:
  EventSelect();
  ~EventSelect() override;

  static constexpr std::size_t kSessionsPerThread = WSA_MAXIMUM_WAIT_EVENTS - 1;

  std::size_t capacity() const noexcept override;

 private:
  Error watch(Channel& channel) override;
  void unwatch(Channel& channel) noexcept override;
  void poll(std::int64_t until_ns) override;
  void interrupt() noexcept override;

  void take(DWORD place);

  // Place 0 is the dummy event; slot i has place i + 1. An event is made when its slot is first
  // used and stays: while the slot is free it is not set.
  std::array<WSAEVENT, WSA_MAXIMUM_WAIT_EVENTS> places_{};
  DWORD made_ = 0;
};

}  // namespace oversoak::io
