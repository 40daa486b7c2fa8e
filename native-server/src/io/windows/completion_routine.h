#pragma once

#include <atomic>
#include <vector>

#include "io/windows/overlapped.h"

namespace oversoak::io {

// Completion routines (the APC queue): they run on the thread that issued the operation, only while
// it waits alertably. Here they do nothing but note the result, so that the work is done after the
// wait, by the same code as under the other notifiers.
//
// The thread's other waits may be alertable, too: Winsock's blocking calls are. So a routine may
// run, and the APC of a wake be used up, within any call into Winsock, that which issues the
// operation included. What a routine notes is kept for the next wait, which then does not sleep,
// and an operation is outstanding until that wait returns it.
class CompletionRoutine final : public Overlapped {
 public:
  CompletionRoutine();
  ~CompletionRoutine() override;

  std::size_t capacity() const noexcept override;
  Error open(Channel& channel) override;
  void close(Channel& channel) noexcept override;
  Error receive(Channel& channel, std::span<std::byte> into) override;
  Sent send(Channel& channel, std::span<const std::byte> bytes) override;
  std::span<const Completion> wait(std::int64_t until_ns) override;
  void wake() noexcept override;

 private:
  static void CALLBACK completed(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags);
  // With a routine given, hEvent is not used by the system and free for the routine's context.
  void prepare(Operation& operation) noexcept;

  HANDLE thread_ = nullptr;
  std::vector<Completion> gathering_;  // filled by the routines
  std::vector<Completion> batch_;      // what the last wait has returned; no routine touches it
  std::atomic<bool> woken_{false};     // since the last wait
};

}  // namespace oversoak::io
