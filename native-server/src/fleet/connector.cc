#include "fleet/connector.h"

#include "io/sockets.h"

namespace oversoak::fleet {

bool Connector::begin(Client& client) {
  client.socket = io::open_tcp_socket();
  if (client.socket == io::kNoSocket) return false;
  io::disable_nagle(client.socket);
  // Before the connect, which offers the server the window that follows from it.
  if (client.read_pace) {
    io::set_receive_buffer(client.socket, client.read_pace->system_buffer_bytes());
  }
  const bool opened = !notifier_.open(client);
  if (opened && !notifier_.connect(client, server_)) return true;
  if (opened) notifier_.close(client);
  io::close_socket(client.socket);
  client.socket = io::kNoSocket;
  return false;
}

void Connector::close(Client& client) noexcept {
  notifier_.close(client);
  if (client.resets) io::reset_on_close(client.socket);
  io::close_socket(client.socket);
  client.socket = io::kNoSocket;
}

}  // namespace oversoak::fleet
