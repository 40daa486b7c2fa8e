#include "server/sender.h"

#include <algorithm>

#include "server/session.h"

namespace oversoak::server {

bool queue_echo(Session& session, std::span<std::byte> bytes, bool keep_copy, Sender& sender) {
  const EchoFaultPlan::Spoil spoil = sender.faults.next();
  if (spoil.drop) return true;
  if (spoil.corrupt) bytes.back() ^= std::byte{1};
  for (int copies = spoil.duplicate ? 2 : 1; copies > 0; --copies) {
    const auto room = session.outbox.append(bytes.size());
    if (room.empty()) return false;
    std::copy(bytes.begin(), bytes.end(), room.begin());
    sender.figures.frames_echoed.add();
  }
  if (keep_copy) session.last_echo.assign(bytes.begin(), bytes.end());
  return true;
}

}  // namespace oversoak::server
