#pragma once

#include <cstdint>
#include <span>

#include "server/fault.h"
#include "server/thread_figures.h"

namespace oversoak::server {

struct Session;

// A thread's part in sending echoes: its planted faults and its figures.
struct Sender {
  explicit Sender(const FaultSettings& settings) : faults(settings) {}

  EchoFaultPlan faults;
  SenderFigures figures;
};

// Puts an echo into the session's outbox, spoilt as the faults say. False when there is no room.
// Whoever calls has the session (and, where several threads send, its lock).
bool queue_echo(Session& session, std::span<std::byte> bytes, bool keep_copy, Sender& sender);

}  // namespace oversoak::server
