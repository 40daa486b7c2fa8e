#include "io/listener.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <stdexcept>

#include "io/sockets.h"

namespace oversoak::io {

Listener::Listener(const std::string& host, std::uint16_t port, int backlog) {
  const std::optional<Address> address = Address::parse(host, port);
  if (!address) {
    throw std::runtime_error("host: \"" + host + "\" is not an address of IPv4 or IPv6");
  }
  const int socket = open_tcp_socket(address->family());
  const auto failed = [&](const char* what) {
    const Error error = Error::last();
    if (socket != kNoSocket) close_socket(socket);
    return std::runtime_error("cannot " + std::string(what) + " " + address->text() + ": " +
                              error.describe());
  };
  if (socket == kNoSocket) throw failed("open a socket for");
  // Connections of the server before may linger on the port; another listener is refused all the
  // same.
  const int reuse = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
  if (bind(socket, address->get(), address->size()) != 0) throw failed("bind");
  if (::listen(socket, backlog) != 0) throw failed("listen on");
  port_ = local_port(socket);
  if (port_ == 0) throw failed("read the address of");
  socket_.store(socket);
}

Listener::~Listener() { close_socket(socket_.load()); }

Accepted Listener::accept() noexcept {
  Accepted accepted;
  socklen_t length = Address::kCapacity;
  accepted.socket = ::accept4(socket_.load(), accepted.peer.fill(), &length, SOCK_CLOEXEC);
  if (accepted.socket == kNoSocket) accepted.error = Error::last();
  return accepted;
}

// Not close(): a waiting accept would continue, on a number that the next open file may get.
void Listener::close() noexcept { shutdown(socket_.load(), SHUT_RDWR); }

}  // namespace oversoak::io
