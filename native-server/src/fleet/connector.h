#pragma once

#include "fleet/client.h"
#include "notify/iocp.h"
#include "winsock/winsock.h"

namespace oversoak::fleet {

// Opens the clients' sockets and closes them. Thread: the fleet thread that owns the clients.
class Connector {
 public:
  Connector(notify::Iocp& notifier, const sockaddr_in& server);

  // Issues the connect of a client without a socket; false, and it still has none, when the system
  // refuses.
  bool begin(Client& client);

  // The connect has completed well.
  void connected(Client& client) noexcept;

  // Nothing of the client is outstanding any more.
  void close(Client& client) noexcept;

 private:
  notify::Iocp& notifier_;
  sockaddr_in server_;
  LPFN_CONNECTEX connect_ex_;
};

}  // namespace oversoak::fleet
