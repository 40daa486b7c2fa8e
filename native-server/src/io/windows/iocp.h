#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "io/registry.h"
#include "io/windows/overlapped.h"
#include "io/windows/port_timer.h"
#include "io/windows/spin_budget.h"
#include "os/windows/metronome.h"

namespace oversoak::io {

// One completion port per thread, dequeued in batches. (With a port shared by all threads a session
// would change threads at random; here the layout decides the thread.)
class Iocp final : public Overlapped {
 public:
  // `precise`: waits end on time to some microseconds, at the cost of waiting awake for the last
  // moment and, where the port has no timer, of a thread beside this one (Metronome). For fleets.
  explicit Iocp(const IocpSettings& settings, bool precise = false);
  ~Iocp() override;

  std::size_t capacity() const noexcept override;
  Error open(Channel& channel) override;
  void close(Channel& channel) noexcept override;
  Error receive(Channel& channel, std::span<std::byte> into) override;
  Sent send(Channel& channel, std::span<const std::byte> bytes) override;
  // The completion packet is queued to this port, whichever thread issued the send.
  bool lets_any_thread_send() const noexcept override { return true; }
  Sent send_from_any_thread(Channel& channel, std::span<const std::byte> bytes,
                            OperationFigures& figures) override;
  std::span<const Completion> wait(std::int64_t until_ns) override;
  void wake() noexcept override;

  // By ConnectEx.
  Error connect(Channel& channel, const Address& server) override;

 private:
  // Counts an issued operation, and keeps it for the next wait if it posts no packet.
  Error issue(Operation& operation, int result);
  void take_port_until(std::int64_t until_ns);
  void take_port_precisely(std::int64_t until_ns);
  void wake_at(std::int64_t at_ns) noexcept;
  void take_port(DWORD timeout_ms);

  IocpSettings settings_;
  HANDLE port_;
  std::vector<OVERLAPPED_ENTRY> entries_;
  std::vector<Operation*> done_at_once_;
  std::vector<Completion> batch_;
  std::uint32_t rounds_ = 0;  // since the port was looked at
  const bool precise_;
  std::unique_ptr<PortTimer> timer_;        // null: the port's own timeout ends a wait
  std::optional<os::Metronome> metronome_;  // in place of the timer, where waits are precise
  SpinBudget spin_budget_;                  // only where waits are precise
};

}  // namespace oversoak::io
