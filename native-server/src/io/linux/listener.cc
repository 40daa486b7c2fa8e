#include "io/listener.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <stdexcept>

#include "io/sockets.h"

namespace oversoak::io {

Listener::Listener(const std::string& host, std::uint16_t port, int backlog) {
  Address address;
  if (!make_address(host, port, address)) {
    throw std::runtime_error("host: \"" + host + "\" is not an IPv4 address");
  }
  const int socket = open_tcp_socket();
  const auto failed = [&](const char* what) {
    const Error error = Error::last();
    if (socket != kNoSocket) close_socket(socket);
    return std::runtime_error("cannot " + std::string(what) + " " + host + ":" +
                              std::to_string(port) + ": " + error.describe());
  };
  if (socket == kNoSocket) throw failed("open a socket for");
  // Connections of the server before may linger on the port; another listener is refused all the
  // same.
  const int reuse = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
  auto* self = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof(address);
  if (bind(socket, self, length) != 0) throw failed("bind");
  if (::listen(socket, backlog) != 0) throw failed("listen on");
  if (getsockname(socket, self, &length) != 0) throw failed("read the address of");
  port_ = ntohs(address.sin_port);
  socket_.store(socket);
}

Listener::~Listener() { close_socket(socket_.load()); }

Socket Listener::accept() noexcept {
  return ::accept4(socket_.load(), nullptr, nullptr, SOCK_CLOEXEC);
}

// Not close(), which leaves an accept waiting, and the number to whoever opens the next file.
void Listener::close() noexcept { shutdown(socket_.load(), SHUT_RDWR); }

}  // namespace oversoak::io
