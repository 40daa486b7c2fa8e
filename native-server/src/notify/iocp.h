#pragma once

#include <vector>

#include "notify/notifier.h"

namespace oversoak::notify {

struct IocpSettings {
  // FILE_SKIP_COMPLETION_PORT_ON_SUCCESS: what finishes at once posts no packet.
  bool skip_on_success = true;
  // Then: rounds of such operations that are returned before the port is looked at again. Each
  // round returns every channel's once, so a busy channel cannot keep another from its turn.
  std::uint32_t inline_rounds = 8;
};

// A completion port of its own for the thread, emptied in batches. (A port shared by all threads
// would let a session wander between them; the layouts decide that here, not the port.)
class Iocp final : public Notifier {
 public:
  explicit Iocp(const IocpSettings& settings);
  ~Iocp() override;

  std::size_t capacity() const noexcept override;
  DWORD open(Channel& channel) override;
  void close(Channel& channel) noexcept override;
  DWORD receive(Channel& channel, std::span<std::byte> into) override;
  DWORD send(Channel& channel, std::span<const std::byte> bytes) override;
  // The packet comes to the port, whichever thread sent.
  bool lets_any_thread_send() const noexcept override { return true; }
  DirectSend send_from_any_thread(Channel& channel, std::span<const std::byte> bytes,
                                  OperationFigures& figures) override;
  std::span<const Completion> wait(DWORD timeout_ms) override;
  void wake() noexcept override;

  // For clients: connects the bound and opened socket by ConnectEx; completes as the others do.
  DWORD connect(Channel& channel, LPFN_CONNECTEX connect_ex, const sockaddr_in& address);

 private:
  // Books an issued operation, and keeps it for the next wait if it will post no packet.
  DWORD issue(Operation& operation, int result);
  void take_port(DWORD timeout_ms);

  IocpSettings settings_;
  HANDLE port_;
  std::vector<OVERLAPPED_ENTRY> entries_;
  std::vector<Operation*> done_at_once_;
  std::vector<Completion> batch_;
  std::uint32_t rounds_ = 0;  // since the port was looked at
};

}  // namespace oversoak::notify
