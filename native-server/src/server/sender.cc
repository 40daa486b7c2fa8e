#include "server/sender.h"

#include "server/session.h"

namespace oversoak::server {

bool queue_answer(Session& session, std::span<const std::byte> message, bool keep_copy,
                  Sender& sender) {
  const EchoFaultPlan::Spoil spoil = sender.faults.next();
  if (spoil.drop) return true;
  const std::size_t size = wire::answer_bytes(sender.protocol, message);
  for (int copies = spoil.duplicate ? 2 : 1; copies > 0; --copies) {
    const auto room = session.outbox.append(size);
    if (room.empty()) return false;
    wire::write_answer(sender.protocol, room, message);
    if (spoil.corrupt) room.back() ^= std::byte{1};
    if (keep_copy) session.last_echo.assign(room.begin(), room.end());
    sender.figures.frames_echoed.add();
  }
  return true;
}

}  // namespace oversoak::server
