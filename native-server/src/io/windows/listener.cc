#include "io/listener.h"

#include <stdexcept>

#include "io/sockets.h"

namespace oversoak::io {

Listener::Listener(const std::string& host, std::uint16_t port, int backlog) {
  Address address;
  if (!make_address(host, port, address)) {
    throw std::runtime_error("host: \"" + host + "\" is not an IPv4 address");
  }
  const SOCKET socket = open_tcp_socket();
  const auto failed = [&](const char* what) {
    const Error error = Error::last();
    if (socket != INVALID_SOCKET) closesocket(socket);
    return std::runtime_error("cannot " + std::string(what) + " " + host + ":" +
                              std::to_string(port) + ": " + error.describe());
  };
  if (socket == INVALID_SOCKET) throw failed("open a socket for");
  // No other process may take the port over while this one listens.
  const BOOL exclusive = TRUE;
  setsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&exclusive),
             sizeof(exclusive));
  auto* self = reinterpret_cast<sockaddr*>(&address);
  int length = sizeof(address);
  if (bind(socket, self, length) != 0) throw failed("bind");
  if (::listen(socket, backlog) != 0) throw failed("listen on");
  if (getsockname(socket, self, &length) != 0) throw failed("read the address of");
  port_ = ntohs(address.sin_port);
  socket_.store(socket);
}

Listener::~Listener() { close(); }

Socket Listener::accept() noexcept { return ::accept(socket_.load(), nullptr, nullptr); }

// Ends a blocking accept.
void Listener::close() noexcept {
  const SOCKET socket = socket_.exchange(kNoSocket);
  if (socket != INVALID_SOCKET) closesocket(socket);
}

}  // namespace oversoak::io
