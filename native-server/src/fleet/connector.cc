#include "fleet/connector.h"

#include "fatal.h"

namespace oversoak::fleet {
namespace {

LPFN_CONNECTEX find_connect_ex() {
  const SOCKET probe = winsock::open_tcp_socket();
  const LPFN_CONNECTEX connect_ex = winsock::load_connect_ex(probe);
  closesocket(probe);
  if (connect_ex == nullptr) fatal("ConnectEx is not there");
  return connect_ex;
}

}  // namespace

Connector::Connector(notify::Iocp& notifier, const sockaddr_in& server)
    : notifier_(notifier), server_(server), connect_ex_(find_connect_ex()) {}

bool Connector::begin(Client& client) {
  client.socket = winsock::open_tcp_socket();
  sockaddr_in any;
  winsock::make_address("0.0.0.0", 0, any);
  // ConnectEx wants a bound socket.
  const bool ready =
      client.socket != INVALID_SOCKET &&
      bind(client.socket, reinterpret_cast<const sockaddr*>(&any), sizeof(any)) == 0 &&
      notifier_.open(client) == 0;
  if (ready) winsock::disable_nagle(client.socket);
  // Before the connect, which offers the server the window that follows from it.
  if (ready && client.read_pace) {
    winsock::set_receive_buffer(client.socket, client.read_pace->system_buffer_bytes());
  }
  if (ready && notifier_.connect(client, connect_ex_, server_) == 0) return true;
  if (client.socket != INVALID_SOCKET) closesocket(client.socket);
  client.socket = INVALID_SOCKET;
  return false;
}

void Connector::connected(Client& client) noexcept {
  setsockopt(client.socket, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, nullptr, 0);
}

void Connector::close(Client& client) noexcept {
  notifier_.close(client);
  if (client.resets) winsock::reset_on_close(client.socket);
  closesocket(client.socket);
  client.socket = INVALID_SOCKET;
}

}  // namespace oversoak::fleet
