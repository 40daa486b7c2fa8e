#include "io/listener.h"

#include <stdexcept>

#include "io/sockets.h"

namespace oversoak::io {
namespace {

// SOMAXCONN_HINT, which older headers lack: Windows caps a plain backlog at a few hundred.
constexpr int backlog_hint(int backlog) { return -backlog; }

// Under SO_EXCLUSIVEADDRUSE the connections that an earlier server accepted hold the port, too.
const char* hint_at(Error error) noexcept {
  if (error != Error(WSAEADDRINUSE)) return "";
  return "; another server listens there, or connections of an earlier one have not ended yet";
}

}  // namespace

Listener::Listener(const std::string& host, std::uint16_t port, int backlog) {
  const std::optional<Address> address = Address::parse(host, port);
  if (!address) {
    throw std::runtime_error("host: \"" + host + "\" is not an address of IPv4 or IPv6");
  }
  const SOCKET socket = open_tcp_socket(address->family());
  const auto failed = [&](const char* what) {
    const Error error = Error::last();
    if (socket != INVALID_SOCKET) closesocket(socket);
    return std::runtime_error("cannot " + std::string(what) + " " + address->text() + ": " +
                              error.describe() + hint_at(error));
  };
  if (socket == INVALID_SOCKET) throw failed("open a socket for");
  // No other process may take the port over while this one listens.
  const BOOL exclusive = TRUE;
  setsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&exclusive),
             sizeof(exclusive));
  if (bind(socket, address->get(), address->size()) != 0) throw failed("bind");
  if (::listen(socket, backlog_hint(backlog)) != 0) throw failed("listen on");
  port_ = local_port(socket);
  if (port_ == 0) throw failed("read the address of");
  socket_.store(socket);
}

Listener::~Listener() { close(); }

Accepted Listener::accept() noexcept {
  for (;;) {
    Accepted accepted;
    int length = Address::kCapacity;
    accepted.socket = ::accept(socket_.load(), accepted.peer.fill(), &length);
    if (accepted.socket != INVALID_SOCKET) {
      // The flag of the listening socket is not passed on.
      SetHandleInformation(reinterpret_cast<HANDLE>(accepted.socket), HANDLE_FLAG_INHERIT, 0);
      return accepted;
    }
    accepted.error = Error::last();
    // A client that reset its connection before it was accepted is no error of the server.
    if (accepted.error != Error(WSAECONNRESET)) return accepted;
  }
}

// Ends a blocking accept.
void Listener::close() noexcept {
  const SOCKET socket = socket_.exchange(kNoSocket);
  if (socket != INVALID_SOCKET) closesocket(socket);
}

}  // namespace oversoak::io
