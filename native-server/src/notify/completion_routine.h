#pragma once

#include <vector>

#include "notify/notifier.h"

namespace oversoak::notify {

// Completion routines (the APC queue): they run on the thread that issued the operation, only while
// it waits alertably. Here they do nothing but note the result, so that the work is done after the
// wait, by the same code as under the other notifiers.
class CompletionRoutine final : public Notifier {
 public:
  CompletionRoutine();
  ~CompletionRoutine() override;

  std::size_t capacity() const noexcept override;
  DWORD open(Channel& channel) override;
  void close(Channel& channel) noexcept override;
  DWORD receive(Channel& channel, std::span<std::byte> into) override;
  DWORD send(Channel& channel, std::span<const std::byte> bytes) override;
  std::span<const Completion> wait(DWORD timeout_ms) override;
  void wake() noexcept override;

 private:
  static void CALLBACK completed(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags);
  // With a routine given, hEvent is not used by the system and free for the routine's context.
  void prepare(Operation& operation) noexcept;

  HANDLE thread_ = nullptr;
  std::vector<Completion> gathering_;  // filled by the routines, within the wait
};

}  // namespace oversoak::notify
