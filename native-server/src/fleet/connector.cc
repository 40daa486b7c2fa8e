#include "fleet/connector.h"

#include "io/sockets.h"

namespace oversoak::fleet {

io::Error Connector::begin(Client& client) {
  client.socket = io::open_tcp_socket(server_.family());
  if (client.socket == io::kNoSocket) return io::Error::last();
  io::disable_nagle(client.socket);
  // Before the connect, which offers the server the window that follows from it.
  if (client.read_pace) {
    io::set_receive_buffer(client.socket, client.read_pace->system_buffer_bytes());
  }
  io::Error refused = notifier_.open(client);
  if (!refused) {
    refused = notifier_.connect(client, server_);
    if (!refused) return {};
    notifier_.close(client);
  }
  io::close_socket(client.socket);
  client.socket = io::kNoSocket;
  return refused;
}

void Connector::close(Client& client) noexcept {
  notifier_.close(client);
  if (client.resets) io::reset_on_close(client.socket);
  io::close_socket(client.socket);
  client.socket = io::kNoSocket;
}

}  // namespace oversoak::fleet
