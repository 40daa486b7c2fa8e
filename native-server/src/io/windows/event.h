#pragma once

#include <array>
#include <vector>

#include "io/windows/overlapped.h"

namespace oversoak::io {

// Overlapped events: one manual-reset event and one WSAOVERLAPPED for each operation. A wait takes
// 64 handles, so a thread has 63 sessions and a dummy event by which others wake it.
//
// A session has two operations but only one of the 64 places. Its place holds the event of the
// receive, and that of the send while a send is pending, which is rare: then the peer is not
// reading, and its next request can wait for the send. After every wake all operations are looked
// at, in memory, so that high places do not starve and nothing depends on which event ended it.
class Event final : public Overlapped {
 public:
  Event();
  ~Event() override;

  static constexpr std::size_t kSessionsPerThread = WSA_MAXIMUM_WAIT_EVENTS - 1;

  std::size_t capacity() const noexcept override;
  Error open(Channel& channel) override;
  void close(Channel& channel) noexcept override;
  Error receive(Channel& channel, std::span<std::byte> into) override;
  Sent send(Channel& channel, std::span<const std::byte> bytes) override;
  std::span<const Completion> wait(std::int64_t until_ns) override;
  void wake() noexcept override;

 private:
  Error issue(Operation& operation, int result) noexcept;
  void take_if_complete(Operation& operation);
  void watch(const Operation& operation) noexcept;
  void rest(DWORD place) noexcept;

  // Place 0 is the dummy event; the channel in slot i has place i + 1.
  std::array<WSAEVENT, WSA_MAXIMUM_WAIT_EVENTS> places_{};
  std::vector<Channel*> slots_;
  std::vector<Completion> batch_;
  bool done_at_once_ = false;  // an operation finished in its call since the last wait
};

}  // namespace oversoak::io
