#pragma once

#include <cstdint>
#include <span>

#include "server/fault.h"
#include "server/thread_figures.h"
#include "wire/protocol.h"

namespace oversoak::server {

struct Session;

// A thread's part in sending answers: its planted faults and its figures.
struct Sender {
  Sender(wire::Protocol spoken, const FaultSettings& settings)
      : protocol(spoken), faults(settings) {}

  wire::Protocol protocol;
  EchoFaultPlan faults;
  SenderFigures figures;
};

// Appends the answer of a message to the session's outbox, with the planted faults. False if there
// is no room. The caller owns the session and, where several threads send, holds its lock.
bool queue_answer(Session& session, std::span<const std::byte> message, bool keep_copy,
                  Sender& sender);

}  // namespace oversoak::server
