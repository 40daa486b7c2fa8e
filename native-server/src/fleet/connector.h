#pragma once

#include "fleet/client.h"
#include "io/notifier.h"

namespace oversoak::fleet {

// Opens the clients' sockets and closes them. Thread: the fleet thread that owns the clients.
class Connector {
 public:
  Connector(io::Notifier& notifier, const io::Address& server)
      : notifier_(notifier), server_(server) {}

  // Issues the connect of a client without a socket; with an error, the system's reason to refuse,
  // it still has none.
  io::Error begin(Client& client);

  // Only without outstanding operations of the client.
  void close(Client& client) noexcept;

 private:
  io::Notifier& notifier_;
  const io::Address server_;
};

}  // namespace oversoak::fleet
